import type { BodyRule } from '../registration-rule.ts';
import { luaList, luaSet, luaString } from './lua.ts';

/**
 * Puts what passes of the body in its place, encoded anew: what the gateway has read is what the service reads. The sandbox of Kong has no `require`, so
 * JSON is read and written by the functions of its plugin kit.
 */
export function bodyScript({ members, values, maxBytes }: BodyRule): string {
  const allowed = Object.entries(values).map(([name, texts]) => `  [${luaString(name)}] = ${luaSet(texts)},`);
  return `local method = kong.request.get_method()
if method ~= "POST" and method ~= "PUT" then
  return
end
local function refuse(status, why)
  return kong.response.exit(status, { error = "invalid_client_metadata", error_description = why })
end
local raw = kong.request.get_raw_body()
if not raw or #raw > ${maxBytes} then
  return refuse(413, "The body is larger than ${maxBytes} bytes.")
end
local body = kong.request.get_body("application/json")
if type(body) ~= "table" or body[1] ~= nil then
  return refuse(400, "The body must be a JSON object.")
end
local kept = {}
for _, name in ipairs(${luaList(members)}) do
  kept[name] = body[name]
end
local values = {
${allowed.join('\n')}
}
for _, name in ipairs(${luaList(Object.keys(values))}) do
  local given, allowed = kept[name], values[name]
  if type(given) == "table" then
    local some = {}
    for _, value in ipairs(given) do
      if allowed[value] then
        some[#some + 1] = value
      end
    end
    kept[name] = some
    given = some[1]
  end
  if body[name] ~= nil and (given == nil or not allowed[given]) then
    return refuse(400, name .. " has no value that may be registered here.")
  end
end
kong.service.request.set_body(kept, "application/json")
`;
}
