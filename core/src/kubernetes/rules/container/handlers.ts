import { checkPortName } from '#core/kubernetes/names.ts';
import { presentOf } from '#core/kubernetes/rules/container/oneOf.ts';
import { isInt32, portNumberProblem } from '#core/kubernetes/rules/container/portNumbers.ts';
import { unquoteScalar } from '#core/lint/fixes/edits.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';

/** Ways to do something in a container, in the order the server looks at them. */
const ACTIONS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/**
 * What probes and lifecycle hooks have in common: exactly one action, and what belongs to it. Returns the action, when it is certain that
 * there is just one. Source: k8s.io/kubernetes pkg/apis/core/validation validateHandler, 1.34.
 */
export function checkHandler(handler: NodeView, report: Report): NodeView | undefined {
  const possible = ACTIONS.filter((name) => handler.schema?.property(name) !== undefined);
  const present = presentOf(handler, possible);
  if (!present) return undefined;
  const [first, ...others] = present.map((name) => handler.field(name));
  if (!first) {
    const message = `${String(handler.step)} does nothing: it needs one of ${listNames(possible)}.`;
    report({ at: handler, cause: 'required', message });
    return undefined;
  }
  for (const other of others) {
    const message = `${String(handler.step)} has ${listNames(present, 'and')}; it can have one only.`;
    report({ at: other, cause: 'forbidden', message, related: [{ at: first, message: 'The first one' }] });
  }
  checkAction(first, report);
  return first;
}

function checkAction(action: NodeView, report: Report): void {
  const command = action.field('command');
  if (action.step === 'exec' && (command.isAbsent || isEmptyList(command))) {
    report({ at: command, cause: 'required', message: 'The command to execute is missing.' });
  }
  checkPort(action.field('port'), report);
  const headers = action.field('httpHeaders');
  for (const name of headers.items.map((header) => header.field('name'))) {
    const { text } = name;
    if (text === undefined || /^[-A-Za-z0-9]+$/.test(text)) continue;
    const message = `The header name ${quoteText(text)} must be letters, digits and "-".`;
    report({ at: name, path: headers.path, cause: 'invalid', message });
  }
}

function isEmptyList({ content, items, isOpen }: NodeView): boolean {
  return content?.kind === 'sequence' && items.length === 0 && !isOpen;
}

/** A number, or the name of a port. */
function checkPort(port: NodeView, report: Report): void {
  const { integer, text, content } = port;
  const isNumberInQuotes = text !== undefined && /^[1-9]\d{0,4}$/.test(text);
  const problem = integer === undefined ? text !== undefined && checkPortName(text) : portNumberProblem(integer);
  if (!problem || (integer !== undefined && !isInt32(integer))) return;
  const what = integer === undefined ? `port name ${quoteText(text ?? '')}` : `port ${integer}`;
  const hint = isNumberInQuotes ? '; a number is written without quotes' : '';
  report({
    at: port,
    cause: 'invalid',
    message: `The ${what} ${problem}${hint}.`,
    fixes: () => (isNumberInQuotes && content?.kind === 'scalar' ? [unquoteScalar(content)] : []),
  });
}
