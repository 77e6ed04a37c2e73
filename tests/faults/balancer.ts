import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP balancer in front of several origins, as a gateway is. */
export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

/** Forwards each connection to the ports in turn; one that refuses is passed over. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let turn = 0;
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const forward = (client: Socket, left: number): void => {
    const port = ports[turn++ % ports.length] ?? 0;
    const origin = connect(port, '127.0.0.1');
    const refused = (): void => {
      if (left > 1) forward(client, left - 1);
      else client.destroy();
    };
    origin.once('error', refused);
    origin.once('connect', () => {
      origin.off('error', refused);
      keep(origin);
      client.pipe(origin).pipe(client);
      client.on('close', () => origin.destroy());
      origin.on('close', () => client.destroy());
    });
  };
  const server = createServer((client) => {
    keep(client);
    forward(client, ports.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
