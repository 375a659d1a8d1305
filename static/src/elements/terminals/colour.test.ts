import { expect, it } from "vitest";
import { Colours } from "./colour";

const TABLE = "NAME   READY   STATUS    RESTARTS   AGE\r\nweb    1/1     Running   0          5s\r\nold    0/1     Running   0          5s\r\n";

it("colours the status by state: Running that is not ready is not green", () => {
  const painted = new Colours().paint(TABLE);
  expect(painted).toContain("\x1b[32mRunning\x1b[0m   0          5s\r\nold");
  expect(painted).toContain("\x1b[33mRunning");
});

it("adds colour only: without it the text is what it was", () => {
   
  expect(new Colours().paint(TABLE).replace(/\x1b\[\d+m/g, "")).toBe(TABLE);
});

it("goes on with the table’s later lines, and leaves other text alone", () => {
  const colours = new Colours();
  colours.paint("NAME   READY   STATUS    RESTARTS   AGE\r\n");
  expect(colours.paint("web    0/1     Pending   0          0s\r\n")).toContain("\x1b[90mPending");
  expect(colours.paint("Error from server (NotFound)\r\n")).not.toContain("\x1b[");
});
