import Foundation
import Testing

/// `samples/redis-worker`, where Redis is there.
@Suite struct RedisTests {
  private static let isHere =
    (try? Shell.inFolder { try $0.run("command -v redis-server && command -v redis-cli && command -v jq").status }) == 0

  /// A worker whose processes are all killed, when it has taken entries, when it is about to write answers and when it has
  /// written them: what it took and did not acknowledge is answered by another. A bad record has an answer, too.
  @Test(
    .enabled(if: isHere, "skipped: no redis-server, redis-cli or jq"),
    arguments: [("xreadgroup", 0, 100), ("--pipe", 0, 100), ("--pipe after", 100, 0)])
  func aKilledWorkerLosesNothing(_ moment: String, _ answers: Int, _ pending: Int) throws {
    let result = try Shell.inFolder {
      try $0.run(
        #"""
        redis-server --port 0 --unixsocket $PWD/s --save '' --daemonize yes --logfile $PWD/log > none
        client="redis-cli -s $PWD/s"
        until $client ping > none 2>&1; do :; done
        head -n 249 samples/tweets.jsonl | sed '7s/"text"/"\ttxt"/' > tweets; echo '{"text": "tab",	"id": 250}' >> tweets
        jq -rR '"XADD s * record " + (tojson | gsub("'\''"; "\\x27"))' tweets | $client > none
        set -- \#(moment)
        cat > killing << END
        #!/bin/bash
        if [[ " \$* " != *" $1 "* ]]; then exec $client "\$@"; fi
        [ "$1 $2" = "--pipe " ] || $client "\$@"
        kill -9 0
        END
        chmod +x killing
        work() {
          samples/redis-worker --once --idle 0 --count 100 s g "$@" tweet-tokenize --quiet --on-error answer --only id,tokens 2> errors
        }
        export -f work
        REDIS_CLI=$PWD/killing setsid -w bash -c 'work first'
        echo $? $($client xlen s:answers) $($client xpending s g | head -n 1)
        REDIS_CLI=$client work second
        echo $? $($client xlen s:answers) $($client xpending s g | head -n 1)
        $client --json xrange s:answers - + | jq -r '.[][1][1]' > ids
        $client --json xrange s - + | jq -r '.[][0]' | sort | cmp - <(sort -u ids) && echo each
        $client --json xrange s:answers - + | jq -r '.[][1] | [.[1], .[3]] | @tsv' | sort | cut -f 2- | grep -c '"tokens"'
        $client shutdown nosave
        """#, shell: "/bin/bash")
    }
    #expect(result.output == "137 \(answers) \(pending)\n0 250 0\neach\n249\n", "\(result)")
  }
}
