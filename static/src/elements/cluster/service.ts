/** Services of the picture: a pill with its addresses, lines to the Pods behind it, and a dot for each request. */
import { type SVGTemplateResult, nothing, svg } from "lit";
import type { Service } from "../../kube";
import type { Lab } from "../../lab";
import { endpointsOf, rateOf } from "../../services";
import { cut } from "../../vocabulary";
import type { ServiceBox } from "./layout";
import type { Wire } from "./wires";

/** Requests a second up to which each is a dot; more are a thicker line and a number. */
export const DOTS = 4;

/** `svc-readiness, 10.96.14.7:8080, 1 ready, 1 not ready`. */
export function serviceLabel(lab: Lab, service: Service): string {
  return [service.metadata.name, address(service), ...counts(lab, service).map((each) => each.text)].join(", ");
}

/** Where a Service is reached. */
export function address(service: Service): string {
  const port = service.spec?.ports?.[0]?.port;
  return `${service.spec?.clusterIP ?? service.spec?.type ?? ""}${port ? `:${port}` : ""}`;
}

interface Count {
  readonly state: "ready" | "notready";
  readonly text: string;
}

function counts(lab: Lab, service: Service): Count[] {
  const found = endpointsOf(lab.state, service);
  const ready = found.filter((each) => each.ready).length;
  if (found.length === 0) return [{ state: "notready", text: lab.words.say(service.spec?.selector ? "service.empty" : "service.noselector") }];
  const not = found.length - ready;
  return [{ state: ready ? "ready" : "notready", text: lab.words.say("service.ready", { count: ready }) }, ...(not ? [{ state: "notready" as const, text: lab.words.say("service.notready", { count: not }) }] : [])];
}

/** The pill, without what makes it a button. */
export function drawService(lab: Lab, { service, x, y, w, h }: ServiceBox): SVGTemplateResult {
  const { asked, failed } = rateOf(lab.store.requests, service, lab.t);
  const middle = x + w / 2;
  const told = counts(lab, service);
  const name = cut(service.metadata.name, Math.floor((w - 36) / 7.4));
  const traffic = asked > DOTS || lab.still ? [svg` <tspan class="low">· ${lab.words.say("service.rate", { count: asked })}</tspan>`] : [];
  const refused = failed ? svg` <tspan class="st-crash cur">· ${lab.words.say("service.failed", { count: failed })}</tspan>` : nothing;
  const line = told.map((each, i) => svg`${i ? " · " : ""}<tspan class="st-${each.state} cur">${each.text}</tspan>`);
  return svg`<rect class="service" x=${x} y=${y} width=${w} height=${h} rx=${h / 2}></rect>
    <text x=${middle} y=${y + (h > 40 ? 20 : 14)} class="b" font-size="12" text-anchor="middle">${name}</text>
    ${h > 40 ? svg`<text x=${middle} y=${y + 34} class="m low" font-size="10.5" text-anchor="middle">${address(service)}</text>` : nothing}
    <text x=${middle} y=${y + h - (h > 40 ? 12 : 8)} class="b num" font-size="10.5" text-anchor="middle">${line}${asked ? traffic : nothing}${refused}</text>`;
}

/** A line: full where traffic may go, dashed with a crossed ring where it may not. */
export function drawWire(wire: Wire, busy: boolean): SVGTemplateResult {
  const { sign, end } = wire;
  return svg`<g class="wire st-${wire.ready ? "ready" : "notready"}" data-to=${wire.key} aria-hidden="true"><path d=${wire.path} fill="none" stroke="currentColor" stroke-width=${wire.ready ? (busy ? 3 : 1.6) : 1.4} stroke-dasharray=${wire.ready ? "none" : "4 4"}></path>
    ${wire.ready ? svg`<circle cx=${end.x} cy=${end.y} r="3" fill="currentColor"></circle>`
      : svg`<circle class="sign" cx=${sign.x} cy=${sign.y} r="6.5" stroke="currentColor" stroke-width="1.4"></circle><path d="M${sign.x - 2.6} ${sign.y - 2.6}l5.2 5.2m0-5.2l-5.2 5.2" stroke="currentColor" stroke-width="1.4"></path>`}</g>`;
}
