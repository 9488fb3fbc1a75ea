// Runs until it is ended: an address on loopback that leads to the API server, and can be cut and restored.
//   apiProxy.ts PORT_FILE CONTROL_SOCKET API_HOST API_PORT
// One line to the control socket is an order: `cut reset`, `cut hang` or `restore`; the answer is `ok`.
import { rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import process from 'node:process';

type State = 'open' | 'reset' | 'hang';

const [portFile = '', controlSocket = '', host = '', port = ''] = process.argv.slice(2);
const pairs = new Set<readonly [Socket, Socket]>();
let state: State = 'open';

const proxy = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
  if (state === 'reset') return void client.resetAndDestroy();
  const server = connect({ host, port: Number(port), allowHalfOpen: true });
  const pair = [client, server] as const;
  pairs.add(pair);
  for (const [one, other] of [pair, [server, client] as const]) {
    one.on('error', () => other.destroy());
    one.on('close', () => {
      other.destroy();
      pairs.delete(pair);
    });
  }
  if (state === 'open') join(pair);
});

proxy.listen(0, '127.0.0.1', () => {
  const address = proxy.address();
  writeFileSync(portFile, String(isInternet(address) ? address.port : 0));
});

rmSync(controlSocket, { force: true });
createServer((order) => {
  order.on('error', () => undefined);
  order.once('data', (data) => {
    obey(data.toString().trim());
    order.end('ok\n');
  });
}).listen(controlSocket);

function obey(order: string): void {
  if (order === 'restore') {
    state = 'open';
    for (const pair of pairs) join(pair);
  } else if (order === 'cut hang') {
    // As a cable that is pulled: nobody is told, and what was under way may go on when it is back.
    state = 'hang';
    for (const [client, server] of pairs) {
      client.unpipe(server).pause();
      server.unpipe(client).pause();
    }
  } else if (order === 'cut reset') {
    state = 'reset';
    for (const [client, server] of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }
}

function join([client, server]: readonly [Socket, Socket]): void {
  client.pipe(server);
  server.pipe(client);
}

function isInternet(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
