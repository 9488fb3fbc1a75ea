import type { AccessAnswer, AccessQuestion, Clock } from '#core/live/ports.ts';
import { objectAt, textAt } from '../json.ts';
import { plainText } from '../plainText.ts';
import type { Transport } from '../transport/transport.ts';

/** Rights change rarely, and somebody who has just got one waits no longer than this. */
const lastsMs = 60_000;

/** Asks the server what this user may do; equal questions within a minute get the same answer. */
export function createAccessReviews(
  transport: Transport,
  clock: Clock,
): (question: AccessQuestion) => Promise<AccessAnswer> {
  const known = new Map<string, { readonly since: number; readonly answer: Promise<AccessAnswer> }>();
  return (question) => {
    const { verb, group, resource, namespace = '', name = '' } = question;
    const key = JSON.stringify([verb, group, resource, namespace, name]);
    const now = clock.now();
    for (const [old, { since }] of known) if (Math.abs(now - since) >= lastsMs) known.delete(old);
    const found = known.get(key);
    if (found !== undefined) return found.answer;
    const answer = ask(transport, question);
    known.set(key, { since: now, answer });
    answer.catch(() => known.delete(key));
    return answer;
  };
}

async function ask(transport: Transport, question: AccessQuestion): Promise<AccessAnswer> {
  const [resource, subresource] = question.resource.split('/', 2);
  const { verb, group, namespace, name } = question;
  const review = await transport.json({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      type: 'application/json',
      content: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name } },
      },
    },
  });
  const status = objectAt(review, 'status');
  return { isAllowed: status['allowed'] === true, reason: plainText(textAt(status, 'reason') ?? '', 500) };
}
