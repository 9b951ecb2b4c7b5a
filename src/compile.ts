/** Owns the compiler, on one page: from sources to a module, pure and synchronous. */
import { printDeclarations } from "./backends/typescript/interface.ts";
import { emitModule, type Labels, type ModuleOptions } from "./backends/typescript/module.ts";
import { traced } from "./backends/typescript/origins.ts";
import { printWorkerFace } from "./backends/typescript/worker.ts";
import { emitWasm } from "./backends/wasm/emit.ts";
import { check, type Checked } from "./check/check.ts";
import { imports as importsOf, type Reader } from "./check/program.ts";
import type { GradientProblem } from "./grad/index.ts";
import { objectiveGradients } from "./grad/objectives.ts";
import { mayStopGradients } from "./grad/obstacles.ts";
import { userFrame } from "./ir/frame.ts";
import type { Network } from "./ir/network.ts";
import { lower, type LowerOptions } from "./lower/lower.ts";
import type { LoweredProgram } from "./lower/program.ts";
import { STRAIGHT_BUDGET, TINY_BUDGET } from "./lower/straight/phases.ts";
import { entriesWithoutRereading } from "./passes/incremental/index.ts";
import { networkWithFixedExtents } from "./passes/lengths/network.ts";
import { simplifyNetwork, withoutObjectives } from "./passes/simplify.ts";
import { noGradient } from "./report/catalogue/gradient.ts";
import type { Diagnostic } from "./report/diagnostic.ts";
import { parse } from "./syntax/parse.ts";
import type { Source } from "./text/source.ts";

export interface CompileRequest {
  /** Name of the file that holds the model; a key of `sources`. */
  readonly entry: string;
  /** Every file the entry imports, closed under `imports`. */
  readonly sources: ReadonlyMap<string, Source>;
  /** How a file becomes a tree: who parsed them to find their imports may hand on what it remembers. */
  readonly read?: Reader;
  /** Where the file holds several. */
  readonly model?: string;
  readonly recipe?: string;
  /** Hyper-parameters from outside, as text. */
  readonly set?: Readonly<Record<string, string>>;
  readonly language: "typescript" | "javascript";
  /** `auto`: straight-line scalar code for tiny networks, SIMD for all others. */
  readonly kernels: "auto" | "scalar" | "simd";
  /** Without training. */
  readonly inference: boolean;
  readonly precision?: "single" | "double";
  /** Whether the module can divide a batch among threads; then its kernels are SIMD. */
  readonly threads?: boolean;
  /** Trained weights that the module carries, as safetensors. */
  readonly weights?: Uint8Array;
  /** Words for the indices of inputs and targets, which the module exports beside its class. */
  readonly labels?: Labels;
  /** Where the module imports its WebAssembly from, compiled, as `./digits.wasm`; by default it holds the bytes. */
  readonly wasmFrom?: string;
  /** Also makes the module that runs in a worker, which lies at this address, and the face that starts it. */
  readonly worker?: string;
  /** Whether scalar code is written out as straight lines. */
  readonly writtenOut?: "auto" | "always" | "never";
}

export interface CompiledModule {
  readonly text: string;
  /** The same with comments that say where lines come from; `traced` takes them out again, also after formatting. */
  readonly marked: string;
  readonly parameters: number;
  readonly arenaBytes: number;
  /** What a `.d.ts` says of the module. */
  readonly declarations: string;
  /** What `wasmFrom` asked for, where the module has WebAssembly. */
  readonly wasm: Uint8Array | null;
  /** What `worker` asked for: both modules, with marks. */
  readonly worker: { readonly face: string; readonly thread: string } | null;
}

export interface CompileResult {
  readonly diagnostics: readonly Diagnostic[];
  /** Null where errors were found. */
  readonly network: Network | null;
  readonly module: CompiledModule | null;
}

/** Files that a file imports, by the names under which `sources` must hold them. */
export function imports(source: Source, read: Reader = parse): readonly string[] {
  return importsOf(read(source).file);
}

/** What there is to say about all models of a program, and the network of its one model where nothing is wrong. */
export function diagnose(request: CompileRequest): Pick<CompileResult, "diagnostics" | "network"> {
  const { network, networks, diagnostics } = checkRequest(request);
  const found = networks.flatMap(gradientDiagnostics);
  return { diagnostics: [...diagnostics, ...found], network: found.length > 0 ? null : network };
}

function checkRequest({ entry, sources, model, recipe, set, read }: CompileRequest): Checked {
  const settings = {
    ...(model === undefined ? {} : { model }),
    ...(recipe === undefined ? {} : { recipe }),
    ...(set === undefined ? {} : { set }),
  };
  return check(entry, sources, settings, read);
}

interface Differentiated {
  readonly network: Network;
  readonly simplified: Network;
  readonly gradients: ReturnType<typeof objectiveGradients>["gradients"];
}

function differentiate(request: CompileRequest): {
  readonly diagnostics: readonly Diagnostic[];
  /** Null where errors were found. */
  readonly differentiated: Differentiated | null;
} {
  const { network, diagnostics } = checkRequest(request);
  if (network === null) return { diagnostics, differentiated: null };
  const simplified = simplifyNetwork(network);
  const { gradients, problems } = objectiveGradients(simplified);
  if (problems.length === 0) return { diagnostics, differentiated: { network, simplified, gradients } };
  const found = problems.map((problem) => gradientDiagnostic(problem, network));
  return { diagnostics: [...diagnostics, ...found], differentiated: null };
}

/** What stands between a checked network and its gradients: paths from a loss that nothing can be learnt along. */
export function gradientDiagnostics(network: Network): readonly Diagnostic[] {
  if (!mayStopGradients(network)) return [];
  const { problems } = objectiveGradients(simplifyNetwork(network));
  return problems.map((problem) => gradientDiagnostic(problem, network));
}

/** The checked network, its gradients and the lowered program; null from where errors stop it. */
export interface Stages {
  readonly diagnostics: readonly Diagnostic[];
  readonly network: Network | null;
  readonly lowered: LoweredProgram | null;
}

export function compileStages(request: CompileRequest): Stages {
  const { diagnostics, differentiated } = differentiate(request);
  if (differentiated === null) return { diagnostics, network: null, lowered: null };
  const { network, simplified, gradients } = differentiated;
  const { network: padded, finished } = networkWithFixedExtents(entriesWithoutRereading(simplified));
  const objectives = request.inference
    ? []
    : gradients.map((gradient) => ({ ...gradient, function: finished(gradient.function) }));
  const evaluate = withoutObjectives(padded.evaluate);
  const lowered = lowerFor(request, (options) => lower({ ...padded, evaluate }, objectives, options));
  return { diagnostics, network, lowered };
}

function gradientDiagnostic(problem: GradientProblem, network: Network): Diagnostic {
  const { operation, reason, frame } = problem;
  const parameter =
    network.parameters.find(({ name }) => name === problem.parameter.name) ?? network.parameters[0]!;
  const { span } = userFrame(frame);
  return noGradient.build({
    span,
    inner: frame.span.source === span.source ? null : frame.span,
    operation,
    reason,
    parameter: parameter.name,
    declared: userFrame(parameter.frame).span,
  });
}

/** `auto` keeps scalar code where all of it is few straight lines. */
function lowerFor(
  request: CompileRequest,
  lowerWith: (options: LowerOptions) => LoweredProgram,
): LoweredProgram {
  const { kernels, inference, precision = "single", writtenOut = "auto" } = request;
  const threads = request.threads ?? false;
  if (threads && (kernels === "scalar" || precision === "double"))
    throw new Error("threads work with SIMD kernels in single precision");
  const budget = kernels === "auto" && precision === "single" ? TINY_BUDGET : STRAIGHT_BUDGET;
  const straightBudget = { auto: budget, always: Number.POSITIVE_INFINITY, never: 0 }[writtenOut];
  const scalar = (): LoweredProgram =>
    lowerWith({ machine: "scalar", precision, inference, straightBudget, threads: false });
  const simd = (): LoweredProgram =>
    lowerWith({ machine: "simd", precision, inference, straightBudget, threads });
  if (kernels === "scalar" || precision === "double") return scalar();
  if (kernels === "simd" || threads) return simd();
  const first = scalar();
  return first.straight ? first : simd();
}

export function compile(request: CompileRequest): CompileResult {
  const { diagnostics, network, lowered } = compileStages(request);
  if (network === null || lowered === null) return { diagnostics, network, module: null };
  const wasm = lowered.machine === "simd" ? emitWasm(lowered).bytes : null;
  const { wasmFrom, worker } = request;
  const options: ModuleOptions = {
    language: request.language,
    inference: request.inference,
    weights: request.weights ?? null,
    ...(request.labels === undefined ? {} : { labels: request.labels }),
    wasm,
    source: request.entry,
    ...(wasmFrom === undefined ? {} : { wasmFrom }),
  };
  const marked = emitModule(lowered, options);
  const declarations = printDeclarations(lowered, {
    inference: request.inference,
    weights: request.weights !== undefined,
    source: request.entry,
  });
  const parameters = network.parameters.reduce(
    (sum, { type }) => sum + type.shape.reduce((all, { constant }) => all * constant, 1),
    0,
  );
  const elementBytes = lowered.precision === "double" ? 8 : 4;
  return {
    diagnostics,
    network,
    module: {
      text: traced(marked).text,
      marked,
      parameters,
      arenaBytes: lowered.memory.size * elementBytes,
      declarations,
      wasm: wasmFrom === undefined ? null : wasm,
      worker:
        worker === undefined
          ? null
          : {
              face: printWorkerFace(lowered, {
                ...options,
                weights: options.weights !== null,
                thread: worker,
              }),
              thread: emitModule(lowered, { ...options, served: true }),
            },
    },
  };
}
