import { request } from 'node:http';
import { connect } from 'node:net';

/** What came back. Header names are lower case. */
export interface Seen {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** Sends over node:http, which lets Host and Origin be whatever they should be. Event streams are read to their end. */
export function send(port: number, { method = 'POST', path = '/mcp', headers = {}, body }: Sending): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, agent: false, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const challenge = response.headers['www-authenticate'];
        resolve({ status: response.statusCode ?? 0, challenge, headers: response.headers, body: text });
      });
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends bytes as they are and gives back everything until the server closes or stays silent. */
export function sendRaw(port: number, text: string, silenceMs = 500): Promise<Seen[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    // A reset is an answer as well: the server wants no more of it.
    socket.on('error', () => {});
    socket.on('close', () => resolve(parseAnswers(answer)));
    socket.on('connect', () => socket.write(text));
  });
}

function parseAnswers(text: string): Seen[] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part.startsWith('HTTP/'))
    .map((part) => {
      const [head = '', body = ''] = part.split('\r\n\r\n', 2);
      const [line = '', ...lines] = head.split('\r\n');
      const headers = Object.fromEntries(
        lines.map((each): [string, string] => {
          const [name = '', ...value] = each.split(':');
          return [name.toLowerCase(), value.join(':').trim()];
        }),
      );
      return { status: Number(line.split(' ')[1]), challenge: headers['www-authenticate'], headers, body };
    });
}
