/** Owns the examples on tables: flowers, patients and tumours, a fifth of each held back. */
import { type Example, flat, testOf } from "./example.ts";
import { average, explained, linearFit, rocAuc, rocCurve } from "./measures.ts";
import { bars, chart } from "./pictures.ts";

const iris: Example = {
  name: "iris",
  area: "tables",
  data: ["iris"],
  run: async (train) => {
    const { model, history, parts } = await train("iris");
    const { training } = parts;
    const accuracy = history.epochs.at(-1)!.val!["accuracy"]!;
    const [lengths, species] = [flat(training, "lengths"), flat(training, "species")];
    const { probs } = model.predict({ lengths });
    const names = training.labels["species"] ?? ["0", "1", "2"];
    const kinds = names.map((name, kind) => ({
      name: `${name}, and how sure`,
      as: "dots" as const,
      points: Array.from(species, (_, k) => k)
        .filter((k) => species[k] === kind)
        .map((k) => [lengths[4 * k + 2]!, probs![3 * k + kind]!] as const),
    }));
    return {
      figures: [{ name: "accuracy on a fifth", value: accuracy, must: { least: 0.95 } }],
      pictures: () => [
        {
          file: "iris.svg",
          content: chart({
            title: "Probability given to the true species, by the length of the petal",
            x: "petal, cm",
            y: "probability",
            series: kinds,
          }),
        },
      ],
    };
  },
};

const diabetes: Example = {
  name: "diabetes",
  area: "tables",
  data: ["diabetes"],
  run: async (train) => {
    const trained = await train("diabetes");
    const [training, test] = [trained.parts.training, testOf(trained)];
    const truth = flat(test, "progression");
    const { expected } = trained.model.predict({ measures: flat(test, "measures") });
    const line = linearFit(flat(training, "measures"), flat(training, "progression"), 10, 1);
    return {
      figures: [
        { name: "R² on a fifth", value: explained(expected!, truth), must: { least: 0.45 } },
        { name: "R² of least squares", value: explained(line(flat(test, "measures")), truth) },
      ],
      pictures: () => [
        {
          file: "diabetes.svg",
          content: chart({
            title: "Progression of 88 patients held back",
            x: "true",
            y: "expected",
            series: [
              {
                name: "patients",
                as: "dots",
                points: Array.from(truth, (at, k) => [at, expected![k]!] as const),
              },
              {
                name: "right",
                as: "line",
                points: [
                  [25, 25],
                  [346, 346],
                ],
                color: "#babdb6",
              },
            ],
          }),
        },
      ],
    };
  },
};

const breastCancer: Example = {
  name: "breast_cancer",
  area: "tables",
  data: ["breast_cancer"],
  run: async (train) => {
    const trained = await train("breast_cancer");
    const test = testOf(trained);
    const malignant = flat(test, "diagnosis");
    const { probs } = trained.model.predict({ measures: flat(test, "measures") });
    const scores = Array.from(malignant, (_, k) => probs![2 * k + 1]!);
    const { training } = trained.parts;
    const line = linearFit(flat(training, "measures"), flat(training, "diagnosis"), 30, 1);
    const plain = line(flat(test, "measures"));
    return {
      figures: [
        { name: "ROC-AUC on a fifth", value: rocAuc(scores, malignant), must: { least: 0.99 } },
        { name: "ROC-AUC of least squares", value: rocAuc(plain, malignant) },
      ],
      pictures: () => [
        {
          file: "breast_cancer.svg",
          content: chart({
            title: "Malignant tumours found, against false alarms, as the threshold falls",
            x: "false alarms",
            y: "found",
            series: [
              { name: "the network", as: "line", points: rocCurve(scores, malignant) },
              { name: "least squares", as: "line", points: rocCurve(plain, malignant) },
            ],
          }),
        },
      ],
    };
  },
};

/** Who watches what: ratings told, and the next film guessed. */
const movies: Example = {
  name: "movies",
  area: "recommendation",
  data: ["movielens_small"],
  run: async (train) => {
    const trained = await train("movies");
    const [training, test] = [trained.parts.training, testOf(trained)];
    const [users, films, ratings] = ["user", "film", "rating"].map((name) => flat(test, name)) as [
      Int32Array,
      Int32Array,
      Float32Array,
    ];
    const { stars } = trained.model.predict({ user: users, film: films });
    const rmse = (guess: ArrayLike<number>) =>
      Math.sqrt(
        Array.from(ratings, (truth, k) => (guess[k]! - truth) ** 2).reduce((a, b) => a + b) / ratings.length,
      );
    const mean = average(flat(training, "rating"));
    const habits = offsets(
      training.count,
      flat(training, "user"),
      flat(training, "film"),
      flat(training, "rating"),
      mean,
    );
    const figures = [
      { name: "RMSE on a tenth", value: rmse(stars!), must: { most: 0.885 } },
      { name: "RMSE of the mean", value: rmse(Array.from(ratings, () => mean)) },
      { name: "RMSE of offsets", value: rmse(Array.from(ratings, (_, k) => habits(users[k]!, films[k]!))) },
    ];
    return {
      figures,
      pictures: () => [
        {
          file: "movies.svg",
          content: bars("Root of the mean squared error, in stars", [
            ["the mean of all", figures[1]!.value],
            ["offsets of user and film", figures[2]!.value],
            ["the network", figures[0]!.value],
          ]),
        },
      ],
    };
  },
};

/** The mean, how far a film is above it and a user above that, each drawn towards 0 as by five more ratings. */
function offsets(
  count: number,
  users: ArrayLike<number>,
  films: ArrayLike<number>,
  ratings: ArrayLike<number>,
  mean: number,
): (user: number, film: number) => number {
  const shrunk = (ids: ArrayLike<number>, rest: (k: number) => number) => {
    const sums = new Map<number, [number, number]>();
    for (let k = 0; k < count; k += 1) {
      const [sum, often] = sums.get(ids[k]!) ?? [0, 0];
      sums.set(ids[k]!, [sum + rest(k), often + 1]);
    }
    return (id: number) => {
      const [sum, often] = sums.get(id) ?? [0, 0];
      return sum / (often + 5);
    };
  };
  const ofFilm = shrunk(films, (k) => ratings[k]! - mean);
  const ofUser = shrunk(users, (k) => ratings[k]! - mean - ofFilm(films[k]!));
  return (user, film) => mean + ofFilm(film) + ofUser(user);
}

const ranking: Example = {
  name: "ranking",
  area: "recommendation",
  data: ["movielens_small"],
  run: async (train) => {
    const trained = await train("ranking");
    const [training, test] = [trained.parts.training, testOf(trained)];
    const [users, films] = [flat(test, "user"), flat(test, "film")];
    const count = 9724;
    const popularity = new Float64Array(count);
    const seen = new Map<number, Set<number>>();
    const [watchers, watched] = [flat(training, "user"), flat(training, "film")];
    for (let k = 0; k < training.count; k += 1) {
      popularity[watched[k]!]! += 1;
      const mine = seen.get(watchers[k]!) ?? new Set();
      seen.set(watchers[k]!, mine.add(watched[k]!));
    }
    const all = Int32Array.from({ length: count }, (_, film) => film);
    const byUser = new Map<number, number[]>();
    users.forEach((user, k) => byUser.set(user, [...(byUser.get(user) ?? []), k]));
    let [hits, popular, asked] = [0, 0, 0];
    for (const [user, places] of byUser) {
      const own = seen.get(user) ?? new Set();
      const { score } = trained.model.predict({ user: new Int32Array(count).fill(user), film: all });
      for (const k of places) {
        hits += rankOf(score!, films[k]!, own) < 10 ? 1 : 0;
        popular += rankOf(popularity, films[k]!, own) < 10 ? 1 : 0;
        asked += 1;
      }
    }
    const figures = [
      { name: "hit-rate@10 of all films", value: hits / asked, must: { least: popular / asked } },
      { name: "hit-rate@10 by popularity", value: popular / asked },
    ];
    return {
      figures,
      pictures: () => [
        {
          file: "ranking.svg",
          content: bars("How often a film that was watched is among ten proposed of 9,724", [
            ["the most watched", figures[1]!.value],
            ["the network", figures[0]!.value],
          ]),
        },
      ],
    };
  },
};

/** How many films that the user has not seen are placed before this one. */
function rankOf(scores: ArrayLike<number>, film: number, seen: ReadonlySet<number>): number {
  let rank = 0;
  for (let other = 0; other < scores.length; other += 1)
    if (other !== film && scores[other]! >= scores[film]! && !seen.has(other)) rank += 1;
  return rank;
}

export const tables: readonly Example[] = [iris, diabetes, breastCancer, movies, ranking];
