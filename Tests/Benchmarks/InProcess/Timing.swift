import Glibc

/// The times of single calls, when they are asked for.
struct Timing {
  /// How many calls come before the first that counts.
  let firstCalls: Int

  /// Calls `body` with 0, 1, … for as many seconds as each line of standard input says, and prints the median
  /// and the CPU seconds of a call.
  func serve(_ body: (Int) -> Void) {
    var index = 0
    func call() -> Double {
      let start = now(CLOCK_MONOTONIC)
      body(index)
      index += 1
      return now(CLOCK_MONOTONIC) - start
    }
    for _ in 0..<firstCalls { _ = call() }
    report(#"{"ready":true}"#)
    while let line = readLine() {
      guard let seconds = Double(line) else { return }
      // What sleeps between the rounds wakes up in the first tenth.
      let wakeUp = now(CLOCK_MONOTONIC) + seconds / 10
      repeat { _ = call() } while now(CLOCK_MONOTONIC) < wakeUp
      var times: [Double] = []
      let end = now(CLOCK_MONOTONIC) + seconds
      let processorTime = now(CLOCK_PROCESS_CPUTIME_ID)
      repeat { times.append(call()) } while now(CLOCK_MONOTONIC) < end || times.count < 3
      let perCall = (now(CLOCK_PROCESS_CPUTIME_ID) - processorTime) / Double(times.count)
      times.sort()
      report(
        #"{"median":\#(times[times.count / 2]),"minimum":\#(times[0]),"calls":\#(times.count),"cpu":\#(perCall)}"#)
    }
  }

  private func report(_ line: String) {
    print(line)
    fflush(nil)
  }

  /// The seconds of a clock.
  private func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
