-- wrk: posts one batch again and again, each time under another batch id and page id, so that nothing is a repeat.
local file = assert(io.open(os.getenv("BENCH_BODY"), "r"))
local before, middle, after = file:read("*a"):match("^(.-)@BATCH@(.-)@PAGE@(.*)$")
file:close()
local count = os.time() % 100000 * 100000000
wrk.method = "POST"
wrk.headers["content-type"] = "text/plain;charset=UTF-8"
wrk.headers["origin"] = os.getenv("BENCH_ORIGIN")
wrk.headers["user-agent"] = os.getenv("BENCH_AGENT")

function request()
  count = count + 1
  local body = before .. string.format("%022d", count) .. middle .. string.format("%011d", count % 100000000000) .. after
  return wrk.format(nil, "/v1/events", nil, body)
end

function done(summary, latency)
  io.write(string.format('JSON {"requests":%d,"seconds":%f,"failed":%d,"p50Ms":%f,"p99Ms":%f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
