/**
 * Owns what every test file starts with: drawn cases are the same in every run, so that a failure can be run again.
 * `NNC_SEED` draws others.
 */
import { configureGlobal } from "fast-check";

configureGlobal({ seed: Number(process.env["NNC_SEED"] ?? 20) });
