import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../commands.ts';
import { applyObjects, tryKubectl, type Access } from '../kubectl.ts';

const namespace = 'kafka-secured';
const name = 'kafka-tls';

const alternativeNames = [
  `DNS:*.kafka-brokers.${namespace}.svc`,
  `DNS:*.kafka-controllers.${namespace}.svc`,
  `DNS:kafka-bootstrap.${namespace}.svc`,
  'DNS:localhost',
].join(',');

/** What cert-manager would make for the secured sample: one certificate for all, and its authority. */
export async function ensureTlsSecret(access: Access): Promise<void> {
  if ((await tryKubectl(access, ['-n', namespace, 'get', 'secret', name])).code === 0) return;
  const folder = await mkdtemp(path.join(tmpdir(), 'data-clusters-tls-'));
  try {
    const stringData = await makeFiles(folder);
    await applyObjects(access, [{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData }]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeFiles(folder: string): Promise<Record<string, string>> {
  const openssl = (...args: string[]): Promise<string> => run('openssl', args, { cwd: folder });
  for (const key of ['ca.key', 'tls.key']) {
    // In the form PKCS#8, the only one that Kafka reads.
    await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key);
  }
  const days = ['-days', '365'];
  await openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=kafka-authority', ...days, '-out', 'ca.crt');
  await openssl('req', '-new', '-key', 'tls.key', '-subj', '/CN=kafka', '-out', 'tls.csr');
  await writeFile(path.join(folder, 'extensions'), `subjectAltName=${alternativeNames}\nbasicConstraints=CA:FALSE\n`);
  const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'extensions'];
  await openssl('x509', '-req', '-in', 'tls.csr', ...signer, ...days, '-out', 'tls.crt');
  const read = (file: string): Promise<string> => readFile(path.join(folder, file), 'utf8');
  return { 'tls-combined.pem': (await read('tls.key')) + (await read('tls.crt')), 'ca.crt': await read('ca.crt') };
}
