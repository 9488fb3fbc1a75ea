import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { codeOf } from '../kubeconfig/loadKubeconfig.ts';
import { failureOf } from './networkProblems.ts';

const unpack = promisify(gunzip);

/** All of a body as text, at most so many bytes, packed or not. */
export async function readBody(
  body: AsyncIterable<Buffer>,
  encoding: string | undefined,
  limit: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) throw failureOf('ANSWER_TOO_LARGE', 'The body is too large.');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (encoding !== 'gzip') return bytes.toString('utf8');
  try {
    return (await unpack(bytes, { maxOutputLength: limit })).toString('utf8');
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw failureOf('ANSWER_TOO_LARGE', 'The body is too large.');
    throw error;
  }
}
