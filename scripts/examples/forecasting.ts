/** Owns the example on time: a day of a series ahead, with a band, against what is guessed without learning. */
import { type Example, flat, testOf } from "./example.ts";
import { average, linearFit, meanSquare } from "./measures.ts";
import { chart } from "./pictures.ts";

const past = 96;
const ahead = 24;
const signals = 7;
/** Rows of the first twelve months, whose mean and deviation are the scale of errors. */
const trainingRows = 8640;

const forecast: Example = {
  name: "forecast",
  area: "time series",
  data: ["etth1"],
  run: async (train) => {
    const trained = await train("forecast");
    const [training, test] = [trained.parts.training, testOf(trained)];
    const truth = flat(test, "future");
    const { bands } = trained.model.predict({ history: flat(test, "history") });
    const level = (k: number) => Array.from(truth, (_, place) => bands![3 * place + k]!);
    const [low, middle, high] = [level(0), level(1), level(2)];
    const variance = varianceOf(
      Array.from(
        { length: Math.min(trainingRows, training.count) },
        (_, k) => flat(training, "future")[ahead * k]!,
      ),
    );
    const score = (guess: ArrayLike<number>) => meanSquare(guess, truth) / variance;

    const own = (data: typeof test) => signalOf(flat(data, "history"), data.count);
    const [seen, known] = [own(test), own(training)];
    const last = Float64Array.from(truth, (_, k) => seen[past * Math.floor(k / ahead) + past - 1]!);
    const seasonal = Float64Array.from(
      truth,
      (_, k) => seen[past * Math.floor(k / ahead) + past - ahead + (k % ahead)]!,
    );
    // As training and validation are split, so that no baseline knows more than the network.
    const fitted = Math.floor(training.count * 0.75);
    const linear = linearFit(
      known.subarray(0, past * fitted),
      flat(training, "future").subarray(0, ahead * fitted),
      past,
      ahead,
    )(seen);
    const steps = relative(known, flat(training, "future"), fitted);
    const fromLast = linearFit(steps.x, steps.y, past, ahead)(relative(seen, truth, test.count).x);
    const sinceLast = Float64Array.from(fromLast, (value, k) => value + last[k]!);
    const baselines = [
      { name: "MSE of the last value", value: score(last) },
      { name: "MSE of the day before", value: score(seasonal) },
      { name: "MSE of a linear map", value: score(linear) },
      { name: "MSE of a linear map from the last value", value: score(sinceLast) },
    ];
    const best = Math.min(...baselines.map(({ value }) => value));
    const covered = truth.filter((value, k) => value >= low[k]! && value <= high[k]!).length / truth.length;
    return {
      figures: [
        { name: "standardized MSE", value: score(middle), must: { most: 0.9 * best } },
        { name: "covered by the band", value: covered, must: { least: 0.7 } },
        { name: "covered by the band, at most", value: covered, must: { most: 0.9 } },
        ...baselines,
        { name: "processor seconds", value: trained.seconds },
      ],
      pictures: () => {
        const from = ahead * Math.min(600, test.count - 5 * ahead);
        const days = Array.from({ length: 5 }, (_, day) => from + day * ahead * ahead).filter(
          (at) => at + ahead <= truth.length,
        );
        const hours = days.flatMap((at, day) =>
          Array.from({ length: ahead }, (_, k) => [day * ahead + k, at + k] as const),
        );
        const line = (values: ArrayLike<number>) => hours.map(([hour, at]) => [hour, values[at]!] as const);
        return [
          {
            file: "forecast.svg",
            content: chart({
              title: "Five days, each forecast at its midnight: the band should hold eight hours of ten",
              x: "hours",
              y: "oil, °C",
              series: [
                { name: "10 to 90 %", as: "band", points: [...line(low), ...line(high).reverse()] },
                { name: "forecast", as: "line", points: line(middle), color: "#3465a4" },
                { name: "what came", as: "line", points: line(truth), color: "#cc5500" },
              ],
            }),
          },
        ];
      },
    };
  },
};

function varianceOf(values: readonly number[]): number {
  const mean = average(values);
  return average(values.map((value) => (value - mean) ** 2));
}

/** The last signal of each window. */
function signalOf(history: ArrayLike<number>, count: number): Float64Array {
  return Float64Array.from({ length: count * past }, (_, k) => history[k * signals + signals - 1]!);
}

/** Windows and futures as differences to the last value of each window. */
function relative(x: ArrayLike<number>, y: ArrayLike<number>, count: number) {
  const last = (sample: number) => x[past * sample + past - 1]!;
  return {
    x: Float64Array.from({ length: past * count }, (_, k) => x[k]! - last(Math.floor(k / past))),
    y: Float64Array.from({ length: ahead * count }, (_, k) => y[k]! - last(Math.floor(k / ahead))),
  };
}

export const forecasting: readonly Example[] = [forecast];
