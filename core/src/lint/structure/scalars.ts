import { parseQuantity, suggestQuantity } from '#core/kubernetes/quantity.ts';
import type { Finding, Fix } from '#core/lint/finding.ts';
import { quoteScalar, replaceScalar, unquoteScalar } from '#core/lint/fixes/edits.ts';
import { toPath, type Holder, type StructureContext } from '#core/lint/structure/context.ts';
import { describeActual, describeExpected, quoteText } from '#core/lint/structure/describe.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { ScalarNode } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';
import { resolveScalar } from '#core/yaml/scalars.ts';

/** Checks the type of a scalar as the server decodes it; true when the type fits and constraints may be looked at. */
export function checkScalar(node: ScalarNode, schema: SchemaNode, holder: Holder, context: StructureContext): boolean {
  const problem = findScalarProblem(node, schema, context);
  if (!problem) return true;
  const fixes = problem.fix;
  context.report({
    code: problem.code,
    severity: 'error',
    message: problem.message,
    path: formatPath(toPath(holder.place)),
    range: node.range,
    ...(fixes ? { fixes: () => fixes() } : {}),
  });
  return false;
}

interface ScalarProblem extends Pick<Finding, 'code' | 'message'> {
  readonly fix?: () => readonly Fix[];
}

function findScalarProblem(node: ScalarNode, schema: SchemaNode, context: StructureContext): ScalarProblem | undefined {
  const { raw } = schema;
  if (node.value.type === 'float' && !Number.isFinite(node.value.value)) {
    return mismatch(node, schema, 'JSON has no such number, so the file cannot be sent');
  }
  if (raw.format === 'quantity') return checkQuantity(node, context);
  if (raw['x-kubernetes-int-or-string']) {
    const fits = node.value.type === 'string' || isWhole(node);
    return fits ? undefined : mismatch(node, schema);
  }
  switch (raw.type ?? impliedType(schema)) {
    case 'string':
      return checkString(node, schema, context);
    case 'integer':
      return checkInteger(node, schema, context);
    case 'number':
      return isNumber(node) ? undefined : withUnquote(node, mismatch(node, schema), isNumericText);
    case 'boolean':
      return checkBoolean(node, schema);
    case 'object':
      // Seen in CassKop: kube-apiserver 1.34.4 takes a string where a schema says object and names the format byte.
      return raw.format === 'byte' && node.value.type === 'string' ? undefined : mismatch(node, schema);
    case 'array':
      return mismatch(node, schema);
    case undefined:
      return undefined;
  }
}

function impliedType(schema: SchemaNode): 'object' | 'array' | undefined {
  if (schema.raw.properties) return 'object';
  return schema.raw.items ? 'array' : undefined;
}

/** A plain scalar that is no string to the server although it looks like one to people (rule DEC01). */
function checkString(node: ScalarNode, schema: SchemaNode, context: StructureContext): ScalarProblem | undefined {
  if (node.value.type === 'string') return undefined;
  const isSurprising = !/^(?:true|false|[-+]?(?:0|[1-9]\d*)(?:\.\d+)?)$/.test(node.text);
  const actual = describeActual(node);
  const why = isSurprising
    ? `${quoteText(node.text)} without quotes is ${actual} to the API server, which reads YAML 1.1; a string is expected here`
    : `Expected ${describeExpected(schema)}, but ${actual} stands here`;
  return {
    code: isSurprising ? 'DEC01' : 'DEC05',
    message: `${why}. The server refuses the object; put it in quotes.`,
    fix: () => [quoteScalar(node, context.text)],
  };
}

/** Go structs have integers of 32 or 64 bits; structural schemas look at no format and take what fits into 64 (kube-apiserver 1.34.4). */
function checkInteger(node: ScalarNode, schema: SchemaNode, context: StructureContext): ScalarProblem | undefined {
  if (!isWhole(node)) return withUnquote(node, mismatch(node, schema), isWholeText);
  const bits = context.decoder === 'builtIn' && schema.raw.format === 'int32' ? 32 : 64;
  if (fitsInto(node, bits)) return undefined;
  return {
    code: 'DEC05',
    message: `${node.text} does not fit into a ${bits}-bit integer. The server refuses the object.`,
  };
}

function fitsInto({ value }: ScalarNode, bits: number): boolean {
  if (value.type !== 'integer' && value.type !== 'float') return false;
  const whole = BigInt(typeof value.value === 'bigint' ? value.value : Math.trunc(value.value));
  return BigInt.asIntN(bits, whole) === whole;
}

function checkBoolean(node: ScalarNode, schema: SchemaNode): ScalarProblem | undefined {
  if (node.value.type === 'boolean') return undefined;
  return withUnquote(node, mismatch(node, schema), (text) => resolveScalar(text, 'plain').type === 'boolean');
}

/** Quantities are strings or JSON numbers to built-in kinds; structural schemas take strings and whole numbers (DEC06). */
function checkQuantity(node: ScalarNode, context: StructureContext): ScalarProblem | undefined {
  const { value } = node;
  if (value.type === 'integer' || value.type === 'float') {
    if (context.decoder === 'builtIn' || (isWhole(node) && fitsInto(node, 64))) return undefined;
    return {
      code: 'DEC06',
      message: `Without quotes a quantity of this kind must be a whole number below 2^63, which ${node.text} is not. The API server refuses the object; put it in quotes.`,
      fix: () => [quoteScalar(node, context.text)],
    };
  }
  const text = value.type === 'string' ? value.value : node.text;
  if (value.type === 'string' && parseQuantity(text)) return undefined;
  const repaired = suggestQuantity(text);
  return {
    code: 'DEC06',
    message: `${quoteText(text)} is not a quantity. It is a number with one of the suffixes n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei${repaired === undefined ? '' : `; did you mean ${repaired}?`} The API server refuses the object.`,
    ...(repaired === undefined ? {} : { fix: () => [replaceScalar(node, repaired, `Change to ${repaired}`)] }),
  };
}

function mismatch(node: ScalarNode, schema: SchemaNode, reason = 'The API server refuses the object'): ScalarProblem {
  return {
    code: 'DEC05',
    message: `Expected ${describeExpected(schema)}, but ${describeActual(node)} stands here. ${reason}.`,
  };
}

function withUnquote(node: ScalarNode, problem: ScalarProblem, fits: (text: string) => boolean): ScalarProblem {
  if (node.style === 'plain' || !fits(node.text)) return problem;
  return { ...problem, fix: () => [unquoteScalar(node)] };
}

function isWhole(node: ScalarNode): boolean {
  return node.value.type === 'integer' || (node.value.type === 'float' && Number.isInteger(node.value.value));
}

function isNumber(node: ScalarNode): boolean {
  return node.value.type === 'integer' || node.value.type === 'float';
}

function isNumericText(text: string): boolean {
  const { type } = resolveScalar(text, 'plain');
  return type === 'integer' || type === 'float';
}

function isWholeText(text: string): boolean {
  return resolveScalar(text, 'plain').type === 'integer';
}
