/** Owns how a tool refuses: what was wrong with what the user gave, as one message, and the exit code that says it. */

/** 1: the program or the data hold an error. 2: the command could not run at all. */
export type ExitCode = 1 | 2;

/** What a user can mend; shown as its message alone, never with a stack trace. */
export class Problem extends Error {
  readonly exitCode: ExitCode;
  readonly help: string | undefined;

  constructor(message: string, options: { exitCode?: ExitCode; help?: string | undefined } = {}) {
    super(message);
    this.name = "Problem";
    this.exitCode = options.exitCode ?? 2;
    this.help = options.help;
  }
}

/** A mistake within data: names the file and, where they are known, row and column. Exit code 1. */
export function dataProblem(
  file: string,
  message: string,
  at: { row?: number; line?: number; column?: string; help?: string } = {},
): Problem {
  const row =
    at.row === undefined ? [] : [at.line === undefined ? `row ${at.row}` : `row ${at.row} (line ${at.line})`];
  const column = at.column === undefined ? [] : [`column \`${at.column}\``];
  const place = [...row, ...column].join(", ");
  return new Problem(`${file}: ${place === "" ? "" : `${place}: `}${message}`, {
    exitCode: 1,
    help: at.help,
  });
}

/** What the operating system refused, in words; `action` as `read`, `write`. */
export function systemProblem(error: unknown, action: string, path: string): Problem {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: action === "read" ? "there is no such file" : "its folder does not exist",
    EISDIR: "it is a directory",
    ENOTDIR: "a part of its path is a file, not a directory",
    EACCES: "permission denied",
    EPERM: "the operation is not permitted",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left on the device",
    EMFILE: "too many files are open",
    ELOOP: "its links lead round in a circle",
    ENAMETOOLONG: "the name is too long",
    ERR_INVALID_ARG_VALUE: "the name holds a character that no name may hold",
    ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB",
  };
  const reason =
    (code === undefined ? undefined : reasons[code]) ??
    (error instanceof Error ? error.message : String(error));
  return new Problem(`cannot ${action} ${path}: ${reason}`);
}
