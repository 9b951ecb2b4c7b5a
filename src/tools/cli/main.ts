#!/usr/bin/env node
/** Owns the command `nnc`: its subcommands, their flags, and the exit code. Each subcommand is loaded when it is called. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { openOutput, report } from "./output.ts";

declare const NNC_VERSION: string;

const output = openOutput();
const program = new Command("nnc")
  .description("A declarative language for neural networks, and its compiler.")
  .version(NNC_VERSION)
  .exitOverride()
  .showHelpAfterError("(nnc --help lists commands, nnc COMMAND --help its flags)");

/** Runs a command once its module is there; its exit code becomes the process's. */
function running<Arguments extends readonly unknown[]>(
  load: () => Promise<(...given: Arguments) => Promise<number>>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    const command = await load();
    process.exitCode = await command(...given);
  };
}

const collect = (text: string, before: readonly string[]) => [...before, text];
const choice = (flags: string, text: string, choices: readonly string[], byDefault: string) =>
  new Option(flags, text).choices(choices).default(byDefault);
/** Without a default: what is not given, something else decides; the first is the last resort. */
const chosen = (flags: string, text: string, choices: readonly string[]) =>
  new Option(flags, `${text} (default: "${choices[0]!}")`).choices(choices);
const setting = () =>
  new Option("--set <name=value>", "set a hyper-parameter; may be repeated")
    .argParser(collect)
    .default([], "none");
const data = () =>
  new Option("--data <[name=]path>", "data in the place of the recipe's; may be repeated")
    .argParser(collect)
    .default([], "the recipe's");

function whole(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`A whole number from ${least} on was expected.`);
    }
    return value;
  };
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError("A number from 0 on was expected.");
  return value;
}

const numbers = (text: string): readonly number[] => text.split(",").map(number);

program
  .command("compile")
  .description("write the standalone module of each program; defaults are taken from nnc.config.{ts,js,json}")
  .argument("[files...]", "the programs (default: those that nnc.config names)")
  .option("-o, --out <path>", "where to write it, or into which folder (default: beside the program)")
  .addOption(
    chosen("--target <kind>", "the module's language, or a model for other runtimes", [
      "typescript",
      "javascript",
      "onnx",
    ]),
  )
  .addOption(chosen("--kernels <kind>", "how the arithmetic is written", ["auto", "scalar", "simd"]))
  .option("--threads", "let the module divide a batch among threads: `create({ threads: 2 })`")
  .option("--inference", "without training")
  .addOption(
    chosen("--wasm <where>", "WebAssembly in the module, or in a file it imports", ["inline", "module"]),
  )
  .option("--worker", "also write a wrapper that runs the network in a worker")
  .option("--source-map", "also write a source map to the program's lines")
  .option("--types", 'write the types of `import … from "./FILE.nn"` instead, as FILE.d.nn.ts')
  .option("--check", "write nothing; list what is stale and exit 1")
  .option("--watch", "write again whenever a program or one it imports changes")
  .option("--weights <path>", "put trained weights inside")
  .option("--model <name>", "which model, where the file holds several")
  .option("--recipe <name>", "which recipe, where the model has several")
  .addOption(setting())
  .option("--emit <stage>", "print a stage instead: tokens, cst, ast, facts, graph, loops, nests, after:PASS")
  .option("--of <function>", "of which function: step, predict, or an entry")
  .action(running(async () => (await import("./compile.ts")).runCompile.bind(null, output)));

program
  .command("init")
  .description("write a small project that trains a network in a page")
  .argument("[directory]", "where (default: here)")
  .action(running(async () => (await import("./init.ts")).runInit.bind(null, NNC_VERSION, output)));

program
  .command("check")
  .description("report all errors of all files")
  .argument("<files...>", "the programs")
  .addOption(choice("--format <kind>", "how to report", ["pretty", "json", "sarif"], "pretty"))
  .option("--fix", "put the fixes that are certain into the files", false)
  .action(running(async () => (await import("./check.ts")).runCheck.bind(null, output)));

program
  .command("train")
  .description("train a model by its recipe and write the weights")
  .argument("<file>", "the program")
  .addOption(data())
  .addOption(setting())
  .option("--model <name>", "which model, where the file holds several")
  .option("--recipe <name>", "which recipe, where the model has several")
  .option("--epochs <count>", "in the place of the recipe's", whole(1))
  .option("--seed <number>", "in the place of the recipe's", whole(0))
  .option("--out <path>", "where to write the weights (default: <program>.safetensors, beside the program)")
  .option("--picture <path>", "where to draw how the loss went (default: beside the weights, as .svg)")
  .option("--no-picture", "draw nothing")
  .option("--resume <path>", "go on from these weights")
  .option("--checkpoint-every <interval>", "save on the way: `500steps` or `2epochs`")
  .option("--threads <count>", "divide each batch among so many threads", whole(1))
  .addOption(choice("--kernels <kind>", "how the arithmetic is written", ["auto", "scalar", "simd"], "auto"))
  .addOption(choice("--log <kind>", "progress", ["auto", "plain", "json", "none"], "auto"))
  .action(running(async () => (await import("./train.ts")).runTrain.bind(null, output)));

program
  .command("evaluate")
  .description("losses and metrics of a trained network on data")
  .argument("<file>", "the program")
  .requiredOption("--weights <path>", "the trained weights")
  .addOption(data())
  .addOption(setting())
  .option("--model <name>", "which model, where the file holds several")
  .addOption(choice("--log <kind>", "how to report", ["plain", "json"], "plain"))
  .action(running(async () => (await import("./evaluate.ts")).runEvaluate.bind(null, output)));

program
  .command("predict")
  .description("what a trained network gives for data")
  .argument("<file>", "the program")
  .requiredOption("--weights <path>", "the trained weights")
  .addOption(data())
  .addOption(setting())
  .option("--model <name>", "which model, where the file holds several")
  .addOption(choice("--format <kind>", "how to print", ["jsonl", "csv"], "jsonl"))
  .option("-o, --out <path>", "write to a file instead of standard output")
  .action(running(async () => (await import("./predict.ts")).runPredict.bind(null, output)));

program
  .command("summary")
  .description("layers, output shapes, parameters and multiply-adds of a model")
  .argument("<file>", "the program")
  .addOption(choice("--format <kind>", "how to print", ["table", "json"], "table"))
  .option("--model <name>", "which model, where the file holds several")
  .addOption(setting())
  .action(running(async () => (await import("./summary.ts")).runSummary.bind(null, output)));

const weights = program
  .command("weights")
  .description("list, compare, convert, average and map files of weights (docs/weights.md)");
const written = () => new Option("-o, --out <path>", "where to write it").makeOptionMandatory();

weights
  .command("list")
  .description("the tensors of a file: types, shapes and what their numbers are like")
  .argument("<file>", "a safetensors file")
  .addOption(choice("--format <kind>", "how to print", ["table", "json"], "table"))
  .action(running(async () => (await import("./weights.ts")).runList.bind(null, output)));

weights
  .command("compare")
  .description("how far two files lie apart, tensor by tensor; exit 1 where they do not agree")
  .argument("<left>", "a safetensors file")
  .argument("<right>", "another one")
  .option("--tolerance <number>", "the largest difference that agrees", number, 0)
  .option("--training", "also what only training goes on from", false)
  .addOption(choice("--format <kind>", "how to print", ["table", "json"], "table"))
  .action(
    running(async () => {
      const { runCompare } = await import("./weights.ts");
      return (left: string, right: string, flags: Parameters<typeof runCompare>[2]) =>
        runCompare(output, [left, right], flags);
    }),
  );

weights
  .command("convert")
  .description("the same numbers in another type, or without what only training goes on from")
  .argument("<file>", "a safetensors file")
  .addOption(
    new Option("--to <type>", "of every tensor (default: as it is)").choices(["f32", "f64", "f16", "bf16"]),
  )
  .option("--for-use", "without what only training goes on from", false)
  .addOption(written())
  .action(running(async () => (await import("./weights.ts")).runConvert.bind(null, output)));

weights
  .command("average")
  .description("the average of several trainings of one network")
  .argument("<files...>", "safetensors files")
  .option("--shares <numbers>", "how much each counts, as `3,1` (default: all the same)", numbers)
  .addOption(written())
  .action(running(async () => (await import("./weights.ts")).runAverage.bind(null, output)));

weights
  .command("map")
  .description("weights for a program of a file from elsewhere: renamed, transposed, split, fused")
  .argument("<file>", "a safetensors file")
  .requiredOption("--for <program>", "the program that shall have them")
  .option("--with <path>", "the mapping (default: every tensor has its own name)")
  .option("--model <name>", "which model, where the file holds several")
  .addOption(setting())
  .addOption(written())
  .action(running(async () => (await import("./weights.ts")).runMap.bind(null, output)));

program
  .command("fmt")
  .alias("format")
  .description("format programs in place")
  .argument("<files...>", "the programs")
  .option("--check", "change nothing; exit 1 where a file is not formatted", false)
  .action(running(async () => (await import("./format.ts")).runFormat.bind(null, output)));

program
  .command("lsp")
  .description("the language server for editors, over standard input and output")
  .option("--stdio", "the only way it speaks; editors may say so", true)
  .action(running(async () => (await import("../lsp/main.ts")).runServer.bind(null, NNC_VERSION)));

program
  .command("explain")
  .description("what an error code means and how it is mended")
  .argument("<code>", "as E0203")
  .action(running(async () => (await import("./explain.ts")).runExplain.bind(null, output)));

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said its part already; asking for help or the version is no error.
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : report(error, output);
}
