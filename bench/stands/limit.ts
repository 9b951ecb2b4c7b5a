/** Owns the place of what was written by hand in the race: `--flush` makes the denormal numbers of its padding zero. */
import { handWritten } from "../mark.ts";
import { serve, tenLosses } from "../stand.ts";

const flush = process.argv.includes("--flush");

serve(async (workload, metric) => {
  if (workload === "W6-256" || workload === "W6-1024" || metric === "infer 64" || metric === "product")
    return null;
  const mark = await handWritten(workload, flush);
  if (mark === null) return null;
  if (metric === "train") return { run: mark.step, losses: await tenLosses(mark.step) };
  return mark.infer === null ? null : { run: mark.infer };
});
