-- Runs one script of kong.yml in an environment that has what Kong's sandbox gives to such scripts (kong/tools/sandbox/environment/handler.lua of Kong 3.9), and
-- nothing else. Arguments: the script's file, and a file that returns the request. Writes what the script did, as JSON, to standard output.
local source, scenario = arg[1], dofile(arg[2])

local function encode(value)
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(letter) return string.format("\\u%04x", letter:byte()) end) .. '"'
  end
  if type(value) ~= "table" then return tostring(value) end
  local parts, list = {}, #value > 0
  if list then
    for _, one in ipairs(value) do parts[#parts + 1] = encode(one) end
  else
    for name, one in pairs(value) do parts[#parts + 1] = encode(name) .. ":" .. encode(one) end
    table.sort(parts)
  end
  return (list and "[" or "{") .. table.concat(parts, ",") .. (list and "]" or "}")
end

local done = { cleared = {}, upstream = {}, response = {} }
local EXIT = {}

-- Names of fields are the same in any case; what was set first is overwritten.
local function header(headers, name)
  for key, value in pairs(headers or {}) do
    if key:lower() == name:lower() then return value end
  end
end

local request = {
  get_method = function() return scenario.method or "GET" end,
  get_header = function(name) return header(scenario.headers, name) end,
  get_host = function() return (scenario.host or ""):lower() end,
  get_raw_body = function() return scenario.raw end,
  get_body = function(mimetype)
    assert(mimetype == "application/json")
    return scenario.body
  end,
}
local response = {
  get_status = function() return scenario.status end,
  get_header = function(name) return header(scenario.response, name) end,
  set_header = function(name, value) done.response[name] = value end,
  exit = function(status, body, headers)
    done.exit = { status = status, body = body, headers = headers or {} }
    error(EXIT)
  end,
}
local service = {
  request = {
    clear_header = function(name) done.cleared[#done.cleared + 1] = name end,
    set_body = function(body, mimetype) done.body, done.mimetype = body, mimetype end,
  },
}

local environment = {
  ipairs = ipairs, pairs = pairs, type = type, tostring = tostring, tonumber = tonumber,
  string = { find = string.find, lower = string.lower, match = string.match, sub = string.sub },
  kong = { request = request, response = response, service = service },
  ngx = { var = done.upstream },
}
-- A name that the sandbox does not have is an error here and not nil.
setmetatable(environment, { __index = function(_, name) error("not in the sandbox: " .. name, 2) end })

local script = setfenv(assert(loadfile(source)), environment)
local ok, problem = pcall(script)
if not ok and problem ~= EXIT then error(problem, 0) end
io.write(encode(done), "\n")
