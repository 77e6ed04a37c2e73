import type { Redis } from 'ioredis';

/** A client that knows the scripts. Each touches one key, so that they run on Redis Cluster and Valkey as well. */
export interface ScriptedRedis extends Redis {
  odinSwap(key: string, is: string, value: string, ttlMs: number): Promise<number>;
  odinTouch(key: string, is: string, ttlMs: number): Promise<number>;
  odinDelete(key: string, is: string): Promise<number>;
  odinAppend(key: string, ...args: readonly (string | number)[]): Promise<string>;
  odinRead(key: string, generation: string, after: number, limit: number): Promise<readonly (string | number | null)[]>;
}

const ONLY_IF = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end";

/*
 * A log is one hash. `g`: its generation, the time of its first item, always of 16 digits; `f`, `n`: numbers of the first and the last item that are kept;
 * `c`: their characters together; by its number, each item as `characters:data`. Numbers without a gap tell a reader at once whether it
 * has missed anything, and the generation whether it is the log that it knows: one may expire and begin anew.
 */
const APPEND = `
local m = redis.call('HMGET', KEYS[1], 'g', 'f', 'n', 'c')
local g, f, n, c = m[1], tonumber(m[2]), tonumber(m[3]), tonumber(m[4])
if not g then
  local t = redis.call('TIME')
  g, f, n, c = t[1] .. string.format('%06d', t[2]), 1, 0, 0
end
n = n + 1
c = c + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], 'g', g, 'n', n, n, ARGV[2] .. ':' .. ARGV[1])
local maxLen, maxChars = tonumber(ARGV[3]), tonumber(ARGV[4])
while f < n and (n - f + 1 > maxLen or (maxChars >= 0 and c > maxChars)) do
  c = c - tonumber(string.match(redis.call('HGET', KEYS[1], f), '^%d+'))
  redis.call('HDEL', KEYS[1], f)
  f = f + 1
end
redis.call('HSET', KEYS[1], 'f', f, 'c', c)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
local id = g .. '-' .. n
redis.call('PUBLISH', ARGV[6], id .. ':' .. ARGV[5] .. ':' .. ARGV[1])
return id`;

const READ = `
local m = redis.call('HMGET', KEYS[1], 'g', 'f', 'n')
if not m[1] then return {} end
local first, last = tonumber(m[2]), tonumber(m[3])
local from = first
if ARGV[1] == m[1] then from = math.max(first, tonumber(ARGV[2]) + 1)
elseif ARGV[1] ~= '' then from = last + 1 end
local to = math.min(last, from + tonumber(ARGV[3]) - 1)
local page = {m[1], first, last, redis.call('PTTL', KEYS[1]), from}
for start = from, to, 500 do
  local names = {}
  for at = start, math.min(to, start + 499) do names[#names + 1] = at end
  for _, item in ipairs(redis.call('HMGET', KEYS[1], unpack(names))) do page[#page + 1] = item end
end
return page`;

const SCRIPTS: Readonly<Record<string, string>> = {
  odinSwap: `${ONLY_IF} redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1`,
  odinTouch: `${ONLY_IF} return redis.call('PEXPIRE', KEYS[1], ARGV[2])`,
  odinDelete: `${ONLY_IF} return redis.call('DEL', KEYS[1])`,
  odinAppend: APPEND,
  odinRead: READ,
};

/** Teaches a client the scripts. */
export function withScripts(redis: Redis): ScriptedRedis {
  for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(name, { numberOfKeys: 1, lua });
  return redis as ScriptedRedis;
}
