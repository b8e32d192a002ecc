-- wrk: sends the requests of a file in turn, each time with other ids, so that nothing is a repeat. In the file \30 stands
-- between requests, \1 where a batch id goes (22 characters), \2 where a page id goes (11), \3 and \4 where a part of the
-- visitor's address goes: as in request_ids.mjs.

local requests = {}
local file = assert(io.open(os.getenv("BENCH_REQUESTS"), "rb"))
for whole in file:read("*a"):gmatch("[^\30]+") do
  local pieces, slots, from = {}, {}, 1
  for at, slot in whole:gmatch("()([\1-\4])") do
    pieces[#pieces + 1] = whole:sub(from, at - 1)
    pieces[#pieces + 1] = ""
    slots[#slots + 1] = { at = #pieces, kind = slot }
    from = at + 1
  end
  pieces[#pieces + 1] = whole:sub(from)
  requests[#requests + 1] = { pieces = pieces, slots = slots }
end
file:close()

-- Ids go on from the time of the start, so that two runs share none: at most 100,000 requests a second, 64 pages each.
local first = os.time() % 100000 * 100000
local sent = 0
accepted = 0

local fill = {
  ["\1"] = function(number) return string.format("%022d", number) end,
  ["\2"] = function(number, page) return string.format("%011x", number * 64 + page) end,
  ["\3"] = function(number) return string.format("%d.%d", 100 + number % 155, 100 + math.floor(number / 155) % 155) end,
  ["\4"] = function(number) return string.format("%x", 0x1000 + number % 0xe000) end,
}

function request()
  sent = sent + 1
  local next = requests[sent % #requests + 1]
  for index, slot in ipairs(next.slots) do
    next.pieces[slot.at] = fill[slot.kind](first + sent, index)
  end
  return table.concat(next.pieces)
end

-- A paced run: each connection waits between its requests. The pace may change while it runs.
local pace = os.getenv("BENCH_PACE")
local stop = tonumber(os.getenv("BENCH_STOP") or "inf")
if pace then
  local connections = tonumber(os.getenv("BENCH_CONNECTIONS"))
  local perSecond, asked = 0, 0
  math.randomseed(os.time())
  function delay()
    if os.time() >= stop then return 3600000 end
    if asked % 200 == 0 then
      local paceFile = assert(io.open(pace, "r"))
      perSecond = tonumber(paceFile:read("*a")) or perSecond
      paceFile:close()
    end
    asked = asked + 1
    return math.floor(-math.log(1 - math.random()) * connections / perSecond * 1000 + 0.5)
  end
end

-- Only where it is asked for, since reading the answers costs the generator time.
if os.getenv("BENCH_STOP") then
  function response(status, headers, body)
    accepted = accepted + (tonumber(body:match('"accepted":(%d+)')) or 0)
  end
end

local thread
function setup(it)
  thread = it
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('JSON {"requests":%d,"seconds":%f,"failed":%d,"p50Ms":%f,"p99Ms":%f,"accepted":%d}\n',
    summary.requests, summary.duration / 1e6,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, thread:get("accepted")))
end
