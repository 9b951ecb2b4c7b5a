import { parse } from "../src/syntax/parse.ts"; import { readFileSync } from "node:fs"; import {positionAt} from "../src/text/source.ts";
for (const d of parse({name:"x",text:readFileSync(process.argv[2]!,"utf8")}).diagnostics) { const p=positionAt(d.span.source,d.span.start); console.log(`${p.line}:${p.column} ${d.code} ${d.message} | ${d.help??""}`);}
