import { expect, it } from "vitest";
import { nodesOf } from "../../objects";
import { endpointsOf, rateOf, servicesOf } from "../../services";
import { played } from "../../testing";
import { layout } from "./layout";
import { wires } from "./wires";

it("draws a full line to the Pod that is ready and a dashed one to the other, until it is ready too", () => {
  const at = (t: number): [string, boolean][] => {
    const lab = played(t, "readiness");
    return wires(lab.state, layout(lab.state, 720, 400, null)).map((each) => [each.key.replace(/^.*\//, ""), each.ready]);
  };
  expect(at(67_000)).toEqual([["pod1", true], ["pod-readiness-exec1", false]]);
  expect(at(80_000).map(([, ready]) => ready)).toEqual([true, true]);
});

it("counts the requests of the last second", () => {
  const lab = played(21_500, "readiness");
  const [service] = servicesOf(lab.state);
  if (!service) throw new Error("the fixture has no Service");
  expect(rateOf(lab.store.requests, service, 21_500)).toEqual({ asked: 1, failed: 0 });
  expect(rateOf(lab.store.requests, service, 23_000)).toEqual({ asked: 0, failed: 0 });
  expect(endpointsOf(lab.state, service).map((each) => each.name)).toEqual(["pod1", "pod-readiness-exec1"]);
  expect(nodesOf(lab.state)).toHaveLength(3);
});
