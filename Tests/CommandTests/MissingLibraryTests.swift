import Foundation
import Testing

/// OpenBLAS is loaded when it is first needed, and where it is not there, that is said.
@Suite struct MissingLibraryTests {
  /// Models that were made where it is there are used where it is not.
  @Test func whatNeedsNoOpenBLASWorksWithoutIt() throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        tensorize --characters --plain samples/lines.txt | batch --language-model --batch-size 8 --quiet > batches
        train --quiet --preset gru-lm --units 8 --depth 1 --steps 1 --seed 1 --tokenizer --characters --model lm batches > log
        perplexity --model lm --plain --quiet samples/lines.txt > with
        mkdir broken; : > broken/libopenblas.so.0
        export LD_LIBRARY_PATH=$PWD/broken
        train --version > version && grep -c . version
        perplexity --model lm --plain --quiet samples/lines.txt | cmp - with && echo same
        for command in 'train --quiet --preset gru-lm --units 8 --tokenizer --characters --model other batches' \\
          'gru-sample --model lm --seed 1 --length 3'; do
          $command > log 2> said; echo $?; cut -d : -f 1,2 < said; grep -c 'libopenblas.so.0: file too short' said
        done
        ls other 2> none || echo no model
        """)
    }
    let missing = "OpenBLAS, which makes products of matrices, can't be loaded"
    #expect(
      result.output == """
        1
        same
        1
        train: \(missing)
        1
        1
        gru-sample: \(missing)
        1
        no model

        """, "\(result)")
  }

  /// A classifier's table is made of a product as soon as its model is read.
  @Test func aClassifierSaysWhatItNeeds() throws {
    let result = try Shell.inFolder {
      try $0.run(
        """
        echo '{"ids":[3],"label":1}' | batch --quiet > batches
        train --quiet --layers 'Embedding(9, 4) Mean Dense(2) LogSoftmax' --steps 1 --seed 1 --model m batches > log
        mkdir broken; : > broken/libopenblas.so.0
        echo '{"ids":[3]}' | LD_LIBRARY_PATH=$PWD/broken predict --model m --quiet
        """)
    }
    #expect(result.status == 1 && result.output == "" && result.errors.hasPrefix("predict: OpenBLAS, "), "\(result)")
  }
}
