import Foundation

/// The memory that the process holds, in MB.
func residentMegabytes() -> Double {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
    let pages = Double(text.split(separator: " ")[1])
  else { return 0 }
  return pages * 4096 / 1e6
}
