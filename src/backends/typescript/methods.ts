/** Owns the methods of a generated class: their documentation, signatures and bodies. */

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly byDefault?: string;
}

/** What a body is written with. */
export interface Writing {
  /** The expression that opens a session; `seed` is one too. */
  open(seed: string): string;
  /** ` as unknown as TYPE`; nothing in JavaScript. */
  as(type: string): string;
}

export interface Method {
  readonly doc: string;
  readonly modifiers: readonly ("static" | "async" | "get")[];
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly result: string;
  body(writing: Writing): readonly string[];
}

export interface Names {
  /** Of the model: with it begin the names of types. */
  readonly model: string;
  /** Of the class within the module. */
  readonly self: string;
}

export interface Methods {
  readonly methods: readonly Method[];
  /** Declarations of the runtime that they call or name. */
  readonly runtime: readonly string[];
}

/** Whether samples differ in length, so that what is given is laid out at the limits. */
export interface Varying {
  readonly inputs: boolean;
  /** Inputs or targets. */
  readonly batch: boolean;
  readonly entries: ReadonlySet<string>;
}

function predictMethod(name: string, { inputs }: Varying): Method {
  return {
    doc: "Outputs for any number of samples.\n@throws where an input is missing, has the wrong shape, or holds what it may not.",
    modifiers: [],
    name: "predict",
    parameters: [{ name: "inputs", type: `${name}Inputs` }],
    result: `${name}Outputs`,
    body: ({ as }) =>
      inputs
        ? [
            `const given = padded(plan.inputs, inputs${as("Batch")});`,
            `return cut(plan.outputs, given, predict(this.#session, given))${as(`${name}Outputs`)};`,
          ]
        : [`return predict(this.#session, inputs${as("Batch")})${as(`${name}Outputs`)};`],
  };
}

/** The methods of a network that can work on several threads. */
export function threaded({ methods, runtime }: Methods): Methods {
  const opening = (method: Method): Method => {
    if (method.name !== "create" && method.name !== "load") return method;
    const at = method.parameters.findIndex(({ name }) => name === "options");
    const given = method.parameters[at];
    const type = given === undefined ? "ThreadOptions" : `${given.type} & ThreadOptions`;
    const options: Parameter = { name: "options", type, byDefault: "{}" };
    const before = at < 0 ? method.parameters : method.parameters.slice(0, at);
    const body = (writing: Writing) =>
      method.body(writing).map((line) => line.replace(/\.load\(weights\)/, ".load(weights, options)"));
    return { ...method, parameters: [...before, options], body };
  };
  const ending: Method = {
    doc: "Ends the threads; the network goes on alone. At the end of a process they are gone without it.",
    modifiers: [],
    name: "dispose",
    parameters: [],
    result: "void",
    body: () => ["dispose(this.#session);"],
  };
  return { methods: [...methods.map(opening), ending], runtime: [...runtime, "dispose", "ThreadOptions"] };
}

/** Of a module that only predicts. */
export function inferenceMethods({ model, self }: Names, weights: boolean, varying: Varying): Methods {
  const create: Method = {
    doc: "The network with the weights that are in this module.",
    modifiers: ["static", "async"],
    name: "create",
    parameters: [],
    result: `Promise<${self}>`,
    body: () => [`return ${self}.load(weights);`],
  };
  const load: Method = {
    doc: "The network with the weights of a safetensors file.\n@throws where the bytes are no such file, or not for this network.",
    modifiers: ["static", "async"],
    name: "load",
    parameters: [{ name: "bytes", type: "Uint8Array" }],
    result: `Promise<${self}>`,
    body: ({ open }) => [
      `const session = ${open("0")};`,
      "loadWeights(session, bytes);",
      `return new ${self}(session);`,
    ],
  };
  return {
    methods: [...(weights ? [create] : []), load, predictMethod(model, varying)],
    runtime: ["loadWeights", "predict", "Session", "Batch", ...sequenceRuntime(varying.inputs)],
  };
}

function sequenceRuntime(varies: boolean): readonly string[] {
  return varies ? ["padded", "cut", "Sequences"] : [];
}

/** Of a module that trains. */
export function fullMethods(names: Names, weights: boolean, floats: string, varying: Varying): Methods {
  return {
    methods: [
      ...openingMethods(names, weights),
      predictMethod(names.model, varying),
      ...trainingMethods(names.model, floats, varying),
      ...stateMethods(floats),
    ],
    runtime: [
      ...[
        "trainingSession",
        "TrainingSession",
        "load",
        "save",
        "predict",
        "evaluate",
        "feedOf",
        "Batch",
        "fit",
      ],
      ...["takeOver", "FitOptions", "History", "EpochReport", "StepReport", "trainStep", "gradients"],
      ...["parametersOf", "Parameters", "firstNonFinite", "NonFiniteLoss"],
      ...sequenceRuntime(varying.batch),
      ...(varying.batch ? ["paddedOptions"] : []),
    ],
  };
}

function openingMethods({ self }: Names, weights: boolean): readonly Method[] {
  const seed = "options.seed ?? plan.training.recipe.seed";
  return [
    {
      doc: `The network ${weights ? "with the weights that are in this module" : "with initial weights"}; the seed decides about them, the order of samples, and noise.`,
      modifiers: ["static", "async"],
      name: "create",
      parameters: [{ name: "options", type: "{ readonly seed?: number }", byDefault: "{}" }],
      result: `Promise<${self}>`,
      body: ({ open }) => [
        `const session = trainingSession(${open(seed)});`,
        ...(weights ? ["load(session, weights, false);"] : []),
        `return new ${self}(session);`,
      ],
    },
    {
      doc: "The network with the weights of a safetensors file: the best, or the averaged ones, where training kept such.\nWith `resume`, training goes on as if it had never stopped.\n@throws where the bytes are no such file, or not for this network.",
      modifiers: ["static", "async"],
      name: "load",
      parameters: [
        { name: "bytes", type: "Uint8Array" },
        {
          name: "options",
          type: "{ readonly resume?: boolean; readonly seed?: number }",
          byDefault: "{}",
        },
      ],
      result: `Promise<${self}>`,
      body: ({ open }) => [
        `const session = trainingSession(${open(seed)});`,
        "load(session, bytes, options.resume ?? false);",
        `return new ${self}(session);`,
      ],
    },
  ];
}

function trainingMethods(name: string, floats: string, varying: Varying): readonly Method[] {
  const ports = "[...plan.inputs, ...plan.targets]";
  const given = ({ as }: Pick<Writing, "as">) =>
    varying.batch ? `padded(${ports}, batch${as("Batch")})` : `batch${as("Batch")}`;
  const feed = (writing: Writing) => `feedOf(${ports}, ${given(writing)})`;
  const batch: Parameter = { name: "batch", type: `${name}Batch` };
  const gradientsType = `{ losses: ${name}Losses; gradients: Record<${name}Parameter, ${floats}> }`;
  const historyType = `Promise<History<${name}Losses, ${name}Results>>`;
  return [
    {
      doc: "Losses and metrics over all samples, without noise.",
      modifiers: [],
      name: "evaluate",
      parameters: [batch],
      result: `${name}Results`,
      body: (writing) => [
        `const feed = ${feed(writing)};`,
        `return evaluate(this.#session, feed)${writing.as(`${name}Results`)};`,
      ],
    },
    {
      doc: "Trains over a data set as the `train` block says, or the options otherwise.\n@throws {NonFiniteLoss} where a loss is NaN or infinite.",
      modifiers: [],
      name: "fit",
      parameters: [
        batch,
        {
          name: "options",
          type: `FitOptions<${name}Batch, ${name}Losses, ${name}Results>`,
          byDefault: "{}",
        },
      ],
      result: historyType,
      body: ({ as }) => {
        const set = varying.batch
          ? `paddedOptions(${ports}, options${as("Readonly<Record<string, unknown>>")})${as("FitOptions")}`
          : `options${as("FitOptions")}`;
        return [`return fit(this.#session, ${given({ as })}, ${set})${as(historyType)};`];
      },
    },
    {
      doc: "One step of the optimizer; gives the losses before it.\n@throws {NonFiniteLoss} where a loss is NaN or infinite.",
      modifiers: [],
      name: "step",
      parameters: [batch],
      result: `${name}Losses`,
      body: (writing) => [
        "takeOver(this.#session);",
        `return trainStep(this.#session, ${feed(writing)})${writing.as(`${name}Losses`)};`,
      ],
    },
    {
      doc: "Losses, and the gradients of the named one (else of their sum) by parameter, row-major. They have the noise of the\ncoming step, unless `training` is false. Nothing is changed.",
      modifiers: [],
      name: "gradients",
      parameters: [
        batch,
        {
          name: "options",
          type: `{ readonly loss?: keyof ${name}Losses; readonly training?: boolean }`,
          byDefault: "{}",
        },
      ],
      result: gradientsType,
      body: (writing) => [
        `const feed = ${feed(writing)};`,
        `return gradients(this.#session, feed, options.loss ?? "loss", options.training ?? true)${writing.as(gradientsType)};`,
      ],
    },
  ];
}

function stateMethods(floats: string): readonly Method[] {
  return [
    {
      doc: "Names and shapes of the parameters; `get` and `set` copy their numbers, row-major.",
      modifiers: ["get"],
      name: "parameters",
      parameters: [],
      result: `Parameters<${floats}>`,
      body: ({ as }) => [`return parametersOf(this.#session)${as(`Parameters<${floats}>`)};`],
    },
    {
      doc: "Steps of the optimizer done so far.",
      modifiers: ["get"],
      name: "steps",
      parameters: [],
      result: "number",
      body: () => ["return this.#session.step;"],
    },
    {
      doc: "Weights, and all that training needs to go on, as a safetensors file.",
      modifiers: [],
      name: "save",
      parameters: [],
      result: "Uint8Array",
      body: () => ["return save(this.#session);"],
    },
    {
      doc: "The first parameter, or section of the last gradients, that holds NaN or an infinity.",
      modifiers: [],
      name: "firstNonFinite",
      parameters: [],
      result: "string | null",
      body: () => ["return firstNonFinite(this.#session, plan.capacity);"],
    },
  ];
}
