import Files
import Neural

/// The tensor of a name in a `.safetensors` file, whatever the key (Trax: `InitializerFromFile`).
/// - Throws: `FileError` when the file can't be read or has no such tensor.
public func fromFile(_ file: String, tensor name: String) throws(FileError) -> Initializer {
  guard let tensor = try SafeTensors(contentsOf: file).tensor(name) else {
    throw FileError(file, "the tensor \"\(name)\" is missing")
  }
  return { shape, _ in tensor.reshaped(shape) }
}
