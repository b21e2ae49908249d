-- wrk knows no rate: each connection rests so long between an answer and its next request.
local rest = tonumber(os.getenv("DELAY_MS"))
function delay()
  return rest
end
function done(summary, latency)
  io.write(string.format("latencies %d %d %d\n", latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
