/** Why the server refuses: the class of the error and the field, as far as it names one. */
export interface ServerCause {
  /** `FieldValueRequired` and its like; `UnknownField` and `Decode` for what is refused before validation. */
  readonly reason: string;
  readonly field: string;
}

/** What a server says to one manifest. */
export interface Verdict {
  readonly accepted: boolean;
  readonly causes: readonly ServerCause[];
}

/** Reads the Status object a server answers a refused request with. */
export function readVerdict(httpStatus: number, body: unknown): Verdict {
  if (httpStatus < 300) return { accepted: true, causes: [] };
  const message = textOf(body, 'message');
  const details = valueOf(body, 'details');
  const listed = valueOf(details, 'causes');
  const { causes } = readRow({ causes: listed });
  return { accepted: false, causes: httpStatus === 422 && causes.length > 0 ? causes : decodeCauses(message) };
}

/** A manifest that cannot be decoded is refused with a sentence only. */
function decodeCauses(message: string): readonly ServerCause[] {
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, field = '']) => field);
  if (unknown.length > 0) return unknown.map((field) => ({ reason: 'UnknownField', field }));
  const [, typed] = /Go struct field \w+\.([\w.[\]-]+) of type/.exec(message) ?? [];
  return [{ reason: 'Decode', field: typed ?? '' }];
}

function valueOf(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
}

function textOf(holder: unknown, name: string): string {
  const value = valueOf(holder, name);
  return typeof value === 'string' ? value : '';
}

/** The verdicts that were written down for one version, by the name of the case. */
export function readRecord(text: string): ReadonlyMap<string, Verdict> {
  const record: unknown = JSON.parse(text);
  const rows = typeof record === 'object' && record !== null ? Object.entries(record) : [];
  return new Map(rows.map(([name, row]: [string, unknown]) => [name, readRow(row)]));
}

function readRow(row: unknown): Verdict {
  const causes = valueOf(row, 'causes');
  const list: readonly unknown[] = Array.isArray(causes) ? causes : [];
  return {
    accepted: valueOf(row, 'accepted') === true,
    causes: list.map((cause) => ({ reason: textOf(cause, 'reason'), field: textOf(cause, 'field') })),
  };
}
