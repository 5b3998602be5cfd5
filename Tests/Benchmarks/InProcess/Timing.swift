import Glibc

/// The times of single calls, when they are asked for.
struct Timing {
  /// How many calls come before the first that counts.
  let firstCalls: Int

  /// Calls `body` with 0, 1, … for as many seconds as each line of standard input says, and prints the median.
  func serve(_ body: (Int) -> Void) {
    var index = 0
    func call() -> Double {
      let start = now()
      body(index)
      index += 1
      return now() - start
    }
    for _ in 0..<firstCalls { _ = call() }
    report(#"{"ready":true}"#)
    while let line = readLine() {
      guard let seconds = Double(line) else { return }
      // What sleeps between the rounds wakes up in the first tenth.
      let wakeUp = now() + seconds / 10
      repeat { _ = call() } while now() < wakeUp
      var times: [Double] = []
      let end = now() + seconds
      repeat { times.append(call()) } while now() < end || times.count < 3
      times.sort()
      report(#"{"median":\#(times[times.count / 2]),"minimum":\#(times[0]),"calls":\#(times.count)}"#)
    }
  }

  private func report(_ line: String) {
    print(line)
    fflush(nil)
  }

  private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
