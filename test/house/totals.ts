/** Owns the closing line of a test run: `N passed, N failed`, and `N skipped` where something could not run. */
import type { Reporter, TestModule } from "vitest/node";

export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that could not be loaded, and an error outside of every test, are failures too.
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandled.length;
    const skipped = count("skipped") + count("pending");
    const totals = `${count("passed")} passed, ${count("failed") + broken} failed`;
    // After the other reporters, whatever order they are called in.
    process.once("exit", () =>
      process.stdout.write(skipped === 0 ? `${totals}\n` : `${totals}, ${skipped} skipped\n`),
    );
  }
}
