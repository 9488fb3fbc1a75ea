import { ClusterProblem, type ClusterProblemKind, type JsonObject } from '#core/live/ports.ts';
import { plainText } from '../plainText.ts';
import { BodyReader } from './body.ts';
import { frameFlag, notUnderstood, opcode, type Frame } from './frames.ts';
import { readType, valueOf, type Decoder } from './values.ts';

/** Rows beyond are a mistake of ours or a lie of the server: system tables have one for each node, session or setting. */
const MOST_ROWS = 20_000;
const LONGEST_TEXT = 300;

/** The body behind what flags put before it. @throws ClusterProblem for what we never asked for */
function bodyOf({ flags, body }: Frame): BodyReader {
  if ((flags & frameFlag.compression) !== 0) throw notUnderstood('it is compressed, which nobody asked for');
  const reader = new BodyReader(body);
  if ((flags & frameFlag.tracing) !== 0) reader.take(16);
  if ((flags & frameFlag.warning) !== 0) reader.stringList();
  if ((flags & frameFlag.customPayload) !== 0)
    reader.many(reader.short(), 6, () => [reader.string(), reader.bytes()] as const);
  return reader;
}

/** What SUPPORTED says. @throws ClusterProblem */
export function readSupported(frame: Frame): Readonly<Record<string, readonly string[]>> {
  requireOpcode(frame, opcode.supported);
  const offers = [...bodyOf(frame).stringMultimap()];
  const plain = (text: string): string => plainText(text, LONGEST_TEXT);
  return Object.fromEntries(offers.map(([name, values]) => [plain(name), values.map(plain)]));
}

/** @throws ClusterProblem for another answer than the one that is wanted; what the server says is in it when it is an error */
export function requireOpcode(frame: Frame, ...wanted: readonly number[]): void {
  if (frame.opcode === opcode.error) throw readError(frame).problem;
  if (!wanted.includes(frame.opcode)) throw notUnderstood(`an answer of the kind ${frame.opcode} came`);
}

const PROTOCOL_ERROR = 0x000a;

/** Codes of errors; what is not here is a problem of the server. */
const KINDS: Readonly<Record<number, ClusterProblemKind>> = {
  0x0100: 'unauthenticated',
  0x1000: 'busy',
  0x1001: 'busy',
  0x1002: 'busy',
  0x2000: 'invalid',
  0x2100: 'forbidden',
  0x2200: 'invalid',
};

export function readError(frame: Frame): { readonly problem: ClusterProblem; readonly isProtocol: boolean } {
  const body = bodyOf(frame);
  const code = body.int();
  const said = plainText(body.string(), LONGEST_TEXT);
  const problem = new ClusterProblem(KINDS[code] ?? 'server', `the answer is an error: ${said || `code ${code}`}`);
  return { problem, isProtocol: code === PROTOCOL_ERROR };
}

const ROWS = 2;
const rowsFlag = { globalTable: 0x01, morePages: 0x02, noMetadata: 0x04 } as const;

/** The rows of a RESULT, each an object of its columns; other results have none. @throws ClusterProblem */
export function readRows(frame: Frame): readonly JsonObject[] {
  requireOpcode(frame, opcode.result);
  const body = bodyOf(frame);
  if (body.int() !== ROWS) return [];
  const columns = readColumns(body);
  const count = body.int();
  if (count > MOST_ROWS) throw notUnderstood(`it has ${count} rows, and ${MOST_ROWS} are the most that is read`);
  // A row without columns has no bytes, and any number of them would do.
  if (columns.length === 0 && count > 0) throw notUnderstood('it has rows without columns');
  return body.many(count, 4 * columns.length, () =>
    Object.fromEntries(columns.map(({ name, decode }) => [name, valueOf(body.bytes(), decode)])),
  );
}

interface Column {
  readonly name: string;
  readonly decode: Decoder;
}

function readColumns(body: BodyReader): readonly Column[] {
  const flags = body.int();
  const count = body.int();
  if ((flags & rowsFlag.morePages) !== 0) body.bytes();
  if ((flags & rowsFlag.noMetadata) !== 0) throw notUnderstood('it does not say what its columns are');
  const isGlobal = (flags & rowsFlag.globalTable) !== 0;
  const skipTable = (): void => {
    body.string();
    body.string();
  };
  if (isGlobal) skipTable();
  return body.many(count, 4, () => {
    if (!isGlobal) skipTable();
    return { name: body.string(), decode: readType(body) };
  });
}
