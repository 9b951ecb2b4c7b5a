/** Owns the line at the bottom of a terminal that shows how far a run is, and the estimate of when it ends. */

export interface BarStream {
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Bar {
  /** Redraws, at most ten times a second: the share done, from 0 to 1, with what stands left and right of it. */
  show(done: number, left: string, right: string): void;
  /** A line that stays, above the bar. */
  print(line: string): void;
  /** Leaves the bar as it is last, on a line of its own; nothing where it was never shown. */
  end(): void;
}

const redrawEvery = 100;

/** A bar on a terminal; `now` in milliseconds. */
export function openBar(stream: BarStream, now: () => number = () => performance.now()): Bar {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let line = "";
  const clear = () => stream.write("\r\u001b[2K");
  return {
    show(done, left, right) {
      line = barLine(done, left, right, stream.columns ?? 80);
      if (now() - drawnAt < redrawEvery) return;
      drawnAt = now();
      clear();
      stream.write(line);
    },
    print(text) {
      clear();
      stream.write(`${text}\n${line}`);
    },
    end() {
      if (line === "") return;
      clear();
      stream.write(`${line}\n`);
      line = "";
    },
  };
}

/** One line that fits in `columns`: what stands right is cut before the bar shrinks below ten characters. */
export function barLine(done: number, left: string, right: string, columns: number): string {
  const share = Math.min(1, Math.max(0, done));
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const room = columns - 1 - left.length - percent.length - right.length - 3;
  const width = Math.min(30, Math.max(10, room));
  const eighths = Math.round(share * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  const part = eighths % 8 === 0 ? "" : " ▏▎▍▌▋▊▉"[eighths % 8]!;
  return `${left} ${(full + part).padEnd(width, "░")}${percent}  ${right}`.slice(0, columns - 1);
}

/** Seconds that are left, from the share done in the seconds gone; null while nothing can be said. */
export function secondsLeft(done: number, secondsGone: number): number | null {
  return done < 0.01 || secondsGone < 0.05 ? null : (secondsGone * (1 - done)) / done;
}
