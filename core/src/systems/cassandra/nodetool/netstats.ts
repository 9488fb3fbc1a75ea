import { addressOf, bytesOf, linesOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

export interface StreamProgress {
  readonly files: number;
  readonly bytes: number;
  readonly doneFiles: number;
  readonly doneBytes: number;
}

export interface StreamSession {
  readonly peer: string;
  readonly receiving: StreamProgress | undefined;
  readonly sending: StreamProgress | undefined;
}

/** A bootstrap, rebuild, repair and so on that moves data now. */
export interface StreamPlan {
  /** `Bootstrap`, `Unbootstrap`, `Rebuild`, `Repair`; free text on 3.x. */
  readonly operation: string;
  readonly planId: string;
  /** Without progress while they are prepared; empty when nothing is to be moved. */
  readonly sessions: readonly StreamSession[];
}

export interface NetstatsAnswer {
  /** `NORMAL`, `DRAINED`, `JOINING`; empty when the node does not say. */
  readonly mode: string;
  readonly streams: readonly StreamPlan[];
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PLAN = new RegExp(String.raw`^(\S.*?) (${UUID})\s*$`);
const PEER = /^ {4}(?! )(\S*\/\S+)(?: \(using \S+\))?\s*$/;
/** The percentages are missing on 3.x. */
const TOTALS =
  /^\s+(Receiving|Sending) (\d+) files?, ([\d.,]+ \w+) total\. Already (?:received|sent) (\d+) files?(?: \([^)]*\))?, ([\d.,]+ \w+) total/;

interface SessionDraft {
  readonly peer: string;
  receiving: StreamProgress | undefined;
  sending: StreamProgress | undefined;
}

interface PlanDraft {
  readonly operation: string;
  readonly planId: string;
  readonly sessions: SessionDraft[];
}

/** `nodetool netstats`, with and without -H. */
export function parseNetstats(text: string): NetstatsAnswer {
  let mode = '';
  const streams: PlanDraft[] = [];
  for (const line of linesOf(text)) {
    if (line.startsWith('Read Repair Statistics')) break;
    const named = /^Mode: (\w+)\s*$/.exec(line);
    if (named) mode = named[1] ?? '';
    else readStreamLine(line, streams);
  }
  return { mode, streams };
}

function readStreamLine(line: string, streams: PlanDraft[]): void {
  const plan = PLAN.exec(line);
  if (plan) {
    streams.push({ operation: plan[1] ?? '', planId: plan[2] ?? '', sessions: [] });
    return;
  }
  const current = streams.at(-1);
  const peer = PEER.exec(line)?.[1] ?? unreadPeer(line, current);
  if (peer !== undefined) {
    current?.sessions.push({ peer: addressOf(peer), receiving: undefined, sending: undefined });
    return;
  }
  const session = current?.sessions.at(-1);
  const totals = TOTALS.exec(line);
  if (!session || !totals) return;
  if (totals[1] === 'Receiving') session.receiving = parseProgress(totals);
  else session.sending = parseProgress(totals);
}

/** Whatever stands below a plan, in a form that is not known, means that it is not empty. */
function unreadPeer(line: string, plan: PlanDraft | undefined): string | undefined {
  return plan?.sessions.length === 0 && /^\s+\S/.test(line) ? '' : undefined;
}

function parseProgress([, , files = '', bytes = '', doneFiles = '', doneBytes = '']: RegExpExecArray): StreamProgress {
  return {
    files: wholeNumberOf(files) ?? 0,
    bytes: bytesOf(bytes) ?? 0,
    doneFiles: wholeNumberOf(doneFiles) ?? 0,
    doneBytes: bytesOf(doneBytes) ?? 0,
  };
}
