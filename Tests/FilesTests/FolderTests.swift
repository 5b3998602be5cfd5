import Files
import Foundation
import TestSupport
import Testing

@Suite struct FolderTests {
  @Test func pathsHaveAFolderAndAName() {
    #expect(Folder.path(of: "a/b/c") == "a/b/" && Folder.path(of: "c") == ".")
    #expect(Folder.name(of: "a/b/c") == "c" && Folder.name(of: "c") == "c")
    #expect(Folder.path(of: "d", beside: "a/b/c") == "a/b/d" && Folder.path(of: "d", beside: "c") == "d")
    #expect(Folder.path(of: "a/\u{301}b") == "a/" && Folder.name(of: "a/\u{301}b") == "\u{301}b")
  }

  @Test func filesAreTheSameByWhatTheyAre() throws {
    try inTemporaryFolder { folder in
      try OutputFile("\(folder)/a").write([])
      symlink("a", "\(folder)/b")
      #expect(Folder.isSame("\(folder)/a", "\(folder)/b") && Folder.isSame("\(folder)/./a", "\(folder)/a"))
      #expect(Folder.isSame("\(folder)/new", "\(folder)/./new") && !Folder.isSame("\(folder)/new", "\(folder)/a"))
      #expect(!Folder.isSame("\(folder)/\u{e9}", "\(folder)/e\u{301}"))
      #expect(try Folder.names(beside: "\(folder)/a").filter { !$0.hasPrefix(".") }.sorted() == ["a", "b"])
      Folder.remove("\(folder)/b")
      #expect(try Folder.names(beside: "\(folder)/a").filter { !$0.hasPrefix(".") } == ["a"])
      #expect(performing { try Folder.names(beside: "\(folder)/none/a") } != nil)
    }
  }
}
