/** Owns the server that travels with the extension. */
import { runServer } from "../../../src/tools/lsp/main.ts";

declare const NNC_VERSION: string;

process.exitCode = await runServer(NNC_VERSION);
