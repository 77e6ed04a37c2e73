import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Row } from './bench.ts';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** The rows as a table for people. */
export function formatTable(rows: readonly Row[]): string {
  const header = ['', 'median', 'min', 'max', 'samples', 'limit', 'ratio'];
  const lines = [header, ...rows.map((row) => cells(row, rows))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return `${lines.map(format).join('\n')}\n`;
}

function cells(row: Row, rows: readonly Row[]): string[] {
  const figure = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${row.unit}`;
  const base = rows.find(({ name }) => name === row.comparedWith);
  return [
    row.name,
    figure(row.median),
    figure(row.min),
    figure(row.max),
    String(row.samples),
    row.limit === undefined ? '' : `${figure(row.limit)} ${row.median <= row.limit ? 'ok' : 'OVER'}`,
    base === undefined ? '' : `${(row.median / base.median).toFixed(2)}× ${base.name}`,
  ];
}

/** Keeps the rows with what they were measured on. @returns the path of the file */
export async function writeResult(name: string, rows: readonly Row[]): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const path = `${RESULTS}${name}.json`;
  const machine = { node: process.versions.node, platform: process.platform, arch: process.arch, cpus: cpus().length };
  const fields = Object.fromEntries(
    rows.flatMap(({ field, median }) => (field === undefined ? [] : [[field, median]])),
  );
  const result = { name, at: new Date().toISOString(), machine, ...fields, rows };
  await writeFile(path, `${JSON.stringify(result, undefined, 2)}\n`);
  return relative(process.cwd(), path);
}
