import process from 'node:process';
import { OdinServer, type OdinServerOptions } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { createIssuer } from './issuer.ts';
import { report, TOOLS } from './report.ts';
import { answer, description, inputOf, nameOf } from './tool.ts';

const signed = process.env.AUTH === '1' ? await createIssuer() : undefined;
const options: OdinServerOptions = { name: 'bench', version: '1.0.0', ...signed?.options };
const odin = new OdinServer(options);
for (let index = 0; index < TOOLS; index += 1)
  odin.tool({ name: nameOf(index), description, input: inputOf() }, answer);
const { port } = await listen(odin, { port: 0, host: '127.0.0.1' });
report(port, signed?.token);
