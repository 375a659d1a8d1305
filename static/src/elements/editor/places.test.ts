import { describe, expect, it } from "vitest";
import { holderOf, kindAt, lineOf } from "./places";
import { marks } from "./verdicts";

const TEXT = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: a
    image: nginx
    ports:
    - containerPort: 80
    - containerPort: 99999
      name: x
  - name: b
    image: busybox
  restartPolicy: Always
---
apiVersion: v1
kind: Service
metadata:
  name: svc
spec:
  ports:
  - port: 80
`;

describe("places in a manifest", () => {
  it("finds a field's line, also in lists and in the second document", () => {
    expect(lineOf(TEXT, "spec.containers[0].image")).toBe(7);
    expect(lineOf(TEXT, "spec.containers[0].ports[1].containerPort")).toBe(10);
    expect(lineOf(TEXT, "spec.containers[1].name")).toBe(12);
    expect(lineOf(TEXT, "spec.restartPolicy")).toBe(14);
    expect(lineOf(TEXT, "spec.ports[0].port", 1)).toBe(22);
  });

  it("takes the nearest that there is for a field that is missing", () => {
    expect(lineOf(TEXT, "spec.containers[1].livenessProbe.httpGet.port")).toBe(12);
    expect(lineOf(TEXT, "spec.nodeName")).toBe(4);
  });

  it("says what a new key would belong to", () => {
    expect(holderOf(TEXT, 8, 4)).toEqual(["spec", "containers"]);
    expect(holderOf(TEXT, 11, 6)).toEqual(["spec", "containers", "ports"]);
    expect(holderOf(TEXT, 15, 2)).toEqual(["spec"]);
    expect(holderOf(TEXT, 5, 0)).toEqual([]);
    expect(kindAt(TEXT, 20)).toEqual({ apiVersion: "v1", kind: "Service" });
  });
});

describe("what kubectl says", () => {
  it("stands at the field's line", () => {
    const said = ['The Pod "web" is invalid: ', "* spec.containers[0].ports[1].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive"];
    expect(marks(TEXT, said)).toEqual([{ line: 10, text: "spec.containers[0].ports[1].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive" }]);
  });

  it("knows unknown fields and broken YAML", () => {
    expect(marks(TEXT, ['… strict decoding error: unknown field "spec.containers[1].imag"'])).toEqual([{ line: 12, text: 'unknown field "spec.containers[1].imag"' }]);
    expect(marks(TEXT, ["error: error parsing /tmp/check.yaml: error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context"])[0]?.line).toBe(2);
    expect(marks(TEXT, ["pod/web created (server dry run)"])).toEqual([]);
  });
});
