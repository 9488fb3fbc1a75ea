import { messageText } from '#core/live/plainText.ts';

/**
 * Where the reason stands in the output of spark-submit, which comes with its log and a stack trace; the first pattern that is found
 * counts. The first is the API server's answer as its Java client quotes it.
 */
const reasons: readonly RegExp[] = [
  /\bMessage: ([^\n]*?)(?:\. Received status:|\.?\s*$)/m,
  /^Caused by: (?:[\w.$]+(?:Exception|Error): )?([^\n]+)$/m,
  /^Exception in thread "[^"]*" (?:[\w.$]+(?:Exception|Error): )?([^\n]+)$/m,
  /^(?:Error|ERROR): ([^\n]+)$/m,
];

const PREFIX = /^(?:failed to submit spark application: |failed to run spark-submit: )+/;

/** The reason of a failed submission in one line, from all that the operator keeps of it. */
export function shortenSubmissionError(message: string): string {
  if (message.trim() === '') return 'the operator does not say why';
  const text = message.slice(0, 50_000).replace(PREFIX, '');
  for (const reason of reasons) {
    const found = reason.exec(text)?.[1]?.trim();
    if (found !== undefined && found !== '') return messageText(found);
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return messageText(lines.at(-1) ?? text);
}
