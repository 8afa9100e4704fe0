-- wrk script. `cycle FILE`: the calls of a file in order, again and again, one "path<TAB>client token" a line.
-- `flood FIRST PATH…`: every request from another address, as a trusted proxy passes it on.
local requests, paths, caller = {}, {}, nil

-- Programs are fewer than addresses, but more than a gate remembers the names of.
local programs = 20000

local function read(file)
  for line in io.lines(file) do
    local path, token = line:match("^(%S+)\t(%S+)$")
    requests[#requests + 1] = wrk.format("GET", path, { ["Client-Token"] = token, ["Host"] = wrk.headers["Host"] })
  end
end

function init(args)
  if args[1] == "cycle" then
    read(args[2])
  else
    caller = tonumber(args[2])
    for n = 3, #args do paths[#paths + 1] = args[n] end
  end
end

local at = 0

function request()
  if not caller then
    at = at % #requests + 1
    return requests[at]
  end
  caller = caller + 1
  local third, second, last = math.floor(caller / 65536) % 256, math.floor(caller / 256) % 256, caller % 256
  return wrk.format("GET", paths[caller % #paths + 1], {
    ["Host"] = wrk.headers["Host"],
    ["X-Forwarded-For"] = string.format("10.%d.%d.%d", third, second, last),
    ["User-Agent"] = string.format("bot-%d/1.0", caller % programs),
  })
end
