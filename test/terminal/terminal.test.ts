/** Owns the proof that what a terminal shows fits it and says what it should. */
import { describe, expect, it } from "vitest";
import { barLine, openBar, secondsLeft } from "../../src/tools/terminal/bar.ts";
import { bytesText, durationText, measureText } from "../../src/tools/terminal/numbers.ts";
import { galleryLines, pictureLines } from "../../src/tools/terminal/picture.ts";
import { tableLines } from "../../src/tools/terminal/table.ts";
import { epochLine, measuresText } from "../../src/tools/training/log.ts";

describe("the bar", () => {
  it("is as long as the share done", () => {
    expect(barLine(0.5, "epoch 1/2", "loss 1", 80)).toBe(
      `epoch 1/2 ${"█".repeat(15)}${"░".repeat(15)} 50%  loss 1`,
    );
    expect(barLine(1, "", "", 80)).toContain(`${"█".repeat(30)}100%`);
  });

  it("never wraps, however narrow the terminal", () => {
    for (const columns of [10, 40, 80]) {
      expect(barLine(0.3, "epoch 1/2", "loss 1 and much more to say about it", columns).length).toBeLessThan(
        columns,
      );
    }
  });

  it("redraws at most ten times a second, and stays as it was last", () => {
    let written = "";
    let now = 0;
    const bar = openBar({ columns: 60, write: (text) => (written += text) }, () => now);
    for (now = 0; now < 1000; now += 10) bar.show(now / 1000, "a", "b");
    expect(written.split("\r").length - 1).toBe(10);
    bar.end();
    expect(written.endsWith(`\r\u001b[2K${barLine(0.99, "a", "b", 60)}\n`)).toBe(true);
  });

  it("estimates what is left from what is done", () => {
    expect(secondsLeft(0.25, 10)).toBe(30);
    expect(secondsLeft(0.001, 10)).toBeNull();
    expect(secondsLeft(0.5, 0.01)).toBeNull();
  });
});

describe("numbers", () => {
  it("read well", () => {
    expect([12, 2048, 5_000_000].map(bytesText)).toEqual(["12 bytes", "2.00 KB", "4.77 MB"]);
    expect([0.42, 12, 185, 7800].map(durationText)).toEqual(["0.4 s", "12 s", "3 min 05 s", "2 h 10 min"]);
    expect([0.12345, 1e-5, 12345, Number.NaN].map(measureText)).toEqual([
      "0.1235",
      "1.00e-5",
      "12345.0",
      "NaN",
    ]);
  });

  it("stand in a line an epoch", () => {
    const report = {
      epoch: 3,
      epochs: 20,
      step: 135,
      steps: 900,
      loss: 0.213,
      losses: {},
      rate: 0.0098,
      best: true,
    };
    const val = { cross_entropy: 0.19, loss: 0.19, accuracy: 0.962 };
    expect(epochLine({ ...report, val, seconds: 0.4 })).toBe(
      "epoch  3/20  loss 0.2130  validation: loss 0.1900, accuracy 0.9620 (best)  rate 0.009800  0.4 s",
    );
    expect(measuresText({ a: 1, b: 2, loss: 3 })).toBe("loss 3.000, a 1.000, b 2.000");
  });
});

describe("tables and pictures", () => {
  it("cut nothing off", () => {
    const long = "dense(hidden) of a very long name";
    const columns = [
      { title: "layer", align: "left" as const },
      { title: "n", align: "right" as const },
    ];
    expect(tableLines(columns, [[long, "1"], null, ["total", "1,000"]])).toEqual([
      "layer                                  n",
      "─".repeat(40),
      `${long}      1`,
      "─".repeat(40),
      "total                              1,000",
    ]);
  });

  it("draw bright where values are high", () => {
    expect(pictureLines([0, 16, 8, 0], 2, 2, { brightest: 16, colors: false })).toEqual(["  ██", "▒▒  "]);
    expect(pictureLines([0, 16, 8, 0], 2, 2, { brightest: 16, colors: true })).toEqual([
      "\u001b[38;2;0;0;0;48;2;128;128;128m▀\u001b[38;2;255;255;255;48;2;0;0;0m▀\u001b[0m",
    ]);
  });

  it("stand side by side as the terminal has room", () => {
    const picture = { lines: ["ab", "cd"], width: 2, captions: ["x"] };
    expect(galleryLines([picture, picture, picture], 8)).toEqual([
      "ab   ab",
      "cd   cd",
      "x    x",
      "",
      "ab",
      "cd",
      "x",
      "",
    ]);
  });
});
