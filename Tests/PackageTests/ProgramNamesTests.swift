import Foundation
import Testing

/// With bin/ on the PATH, nothing in it hides a program of the system's: `test` once did, and
/// `find . -exec test -f {} \;` ran the tests.
@Suite struct ProgramNamesTests {
  /// The utilities of POSIX.1-2024 and of GNU coreutils 9, but for `batch`, which is at's: the README says who comes
  /// first; and for `install`, which hands words on that are not its own.
  static let taken = Set(
    """
    [ admin alias ar arch asa at awk b2sum base32 base64 basename basenc bc bg c17 c99 cal cat cd cflow chcon chgrp chmod chown
    chroot cksum cmp comm command compress coreutils cp crontab csplit ctags cut cxref date dd delta df diff dir dircolors dirname
    du echo ed env ex expand expr factor false fc fg file find fmt fold fuser gencat get getconf getopts gettext grep groups hash
    head hostid hostname iconv id ipcrm ipcs jobs join kill lex link ln locale localedef logger logname lp ls m4 mailx
    make man md5sum mesg mkdir mkfifo mknod mktemp more mv msgfmt newgrp ngettext nice nl nm nohup nproc numfmt od paste patch
    pathchk pax pinky pr printenv printf prs ps ptx pwd read readlink realpath renice rm rmdel rmdir runcon sact sccs sed seq
    sh sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf strings strip stty sum sync tabs
    tac tail talk tee test time timeout touch tput tr true truncate tsort tty type ulimit umask unalias uname uncompress unexpand
    unget uniq unlink uptime users uucp uudecode uuencode uustat uux val vdir vi wait wc what who whoami write xargs xgettext
    yacc yes zcat
    """.split { $0.isWhitespace }.map(String.init))

  @Test func nothingInBinHidesAProgramOfTheSystem() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Repository.root.appendingPathComponent("bin").path)
    #expect(names.contains("check") && names.contains("train"))
    #expect(Set(names).intersection(Self.taken) == [])
  }

  /// What is sourced, or read, is no program; it stands elsewhere.
  @Test func everythingInBinRuns() throws {
    let bin = Repository.root.appendingPathComponent("bin")
    for name in try FileManager.default.contentsOfDirectory(atPath: bin.path) {
      let path = bin.appendingPathComponent(name).path
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
      #expect(link == "../.build/release/\(name)" || FileManager.default.isExecutableFile(atPath: path), "\(name)")
    }
  }
}
