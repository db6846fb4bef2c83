-- Each request is another citizen's vote, under an idempotency key of its own.
-- Arguments: the file of "token entry_id" lines, the path to post to, a word unique to this run.
local threads = 0

function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

function init(args)
  voters = {}
  for line in io.lines(args[1]) do
    local token, entry_id = line:match("(%S+) (%S+)")
    voters[#voters + 1] = {
      headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json" },
      body = '{"entry_id":' .. entry_id .. "}",
    }
  end
  path, run, sent = args[2], args[3], 0
end

function request()
  sent = sent + 1
  -- Threads start far apart, so that no citizen votes twice at once.
  local voter = voters[(sent + thread_number * math.floor(#voters / 2)) % #voters + 1]
  voter.headers["Idempotency-Key"] = run .. "-" .. thread_number .. "-" .. sent
  return wrk.format("POST", path, voter.headers, voter.body)
end
