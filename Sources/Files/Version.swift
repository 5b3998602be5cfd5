/// The version of the programs, which model files and summaries carry. Changes.md says what each has brought.
public let rivuletVersion = "0.2.0"
