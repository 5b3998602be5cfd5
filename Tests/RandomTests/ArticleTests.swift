import Random
import Testing

/// The Swift code of `Random.md`, as it stands there, and what it says of itself.
@Suite struct ArticleTests {
  @Test func aKeyIsNeverUsedUp() {
    let key = RandomKey(10)
    let numbers = key.normal(3)  // the same three each time
    let keys = key.split()  // two new keys
    let third = key.fold(in: 3).uniform(2)  // the numbers of step 3, say
    #expect(numbers == key.normal(3))
    #expect(keys.count == 2 && keys[0] != keys[1] && !keys.contains(key))
    #expect(third == key.fold(in: 3).uniform(2) && third != key.fold(in: 4).uniform(2))
  }
}
