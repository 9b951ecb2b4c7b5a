/** Owns programs with one mistake each about lengths that vary. */

function model(body: string): { readonly text: string } {
  const lines = body.split("\n").map((line) => `  ${line}`);
  return { text: `model Net {\n${lines.join("\n")}\n}\n` };
}

export const lengthMistakes = {
  "length-without-a-limit": model("input x: [5 <= time, 3]\noutput y = x -> mean(over: time)"),
  "length-below-one": model("input x: [0 <= time <= 8, 3]\noutput y = x -> mean(over: time)"),
  "length-declared-twice": model(
    "input  x: [time <= 8, 3]\ntarget y: [time <= 8]\nh = x -> dense(1) -> squeeze\noutput h = h\nloss fit = (h - y) ** 2",
  ),
  "length-in-a-carry": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, n <= 8] = zeros()\nnext h = h\n}\noutput y = x",
  ),
  "length-decides": model(
    'input x: [4 <= time <= 8, 3]\nrequire time >= 5, "at least five steps"\noutput y = x -> mean(over: time)',
  ),
  "length-not-divided": model(
    "input x: [time <= 8, 3]\nhalf[b, t < time / 2, c] = x[b, t, c]\noutput y = half",
  ),
  "length-flattened": model("input x: [time <= 8, 3]\noutput y = x -> flatten -> dense(4)"),
  "length-reshaped": model("input x: [time <= 8, 4]\noutput y = x -> reshape([batch * time, 4])"),
  "length-for-units": model("input x: [time <= 8, 4]\noutput y = x -> dense(time)"),
  "lengths-disagree": model("input x: [time <= 8, 4]\ninput z: [steps <= 8, 4]\noutput y = x + z"),
  "length-too-short-for-a-window": model(
    "input x: [3 <= time <= 8, 4]\noutput y = x -> conv1d(8, kernel: 5)",
  ),
  "length-of-no-sample": model(
    "input x: [time <= 8, 2]\nparam w: [8, 2] = zeros()\nturned[t < time, c] = w[time - 1 - t, c]\noutput y = x + turned",
  ),
  "length-of-two-samples": model(
    "input x: [time <= 8, 2]\nalike[a, b] = sum(x[a, t, c] * x[b, t, c], over: [t, c])\noutput y = alike",
  ),
  "length-beyond-a-table": model("input x: [time <= 80, 8]\noutput y = x -> positions(limit: 64)"),
};
