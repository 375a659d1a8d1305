/** RFC 7386 merge patches: how a MODIFIED change says what is new. */
export type Fields = Record<string, unknown>;

/** `old` with `patch` merged in; `old` stays as it is, untouched parts are shared. */
export function applyPatch(old: Fields, patch: Fields): Fields {
  const made: Fields = { ...old };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(made, key);
    else if (isObject(value)) made[key] = applyPatch(isObject(made[key]) ? made[key] : {}, value);
    else made[key] = value;
  }
  return made;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
