import ArgumentParser
import Ferry
import Testing

@testable import ferry

/// What does not parse is told what would, whatever the option and the command.
@Suite struct OptionValueTests {
  /// Wrong values of every option, and what the error must say of right ones.
  private static let wrong: [String: (values: [String], form: String)] = [
    "--block-size": (["48", "-1", "x"], "32, 64, 128, 256, 512, 1024, 2048 or 4096"),
    "--compute": (["f64", "--json"], "'f32'"),
    "--device": (["foo", "CPU", "cuda:x", "cpu:0", "-1"], "cpu, cuda:N or opencl:N"),
    "--dtype": (["f8", "-1"], "'bf16', 'f16' or 'f32'"),
    "--format": (["nf5", "-1"], "'nf4', 'fp4' or 'int8'"),
    "--generate": (["foo", "-1"], "'cyclic', 'phases' or 'zipf'"),
    "--host-copy": (["none", "-1"], "'as-is' and 'pinned'"),
    "--link": (["25GB", "fast", "-1GB/s", "0B/s"], "a rate such as 25GB/s"),
    "--max-shard-size": (["0", "5 apples", "-1", "1e3"], "a size such as 20GB, 512MiB or 4096"),
    "--max-tokens": (["-1", "1.5", "--json", ""], "a whole number from 0 on"),
    "--mode": (["keep", "-1"], "'release' and 'retain'"),
    "--page-size": (["0", "big", "-1"], "a size such as 20GB, 512MiB or 4096"),
    "--policy": (["best", "-1"], "'look-ahead', 'expected-reuse' or 'lru'"),
    "--repeat": (["0", "-1", "1000001"], "a whole number from 1 to 1000000"),
    "--route": (["cpu,gpu", "", "cpu,,cpu", "cpu opencl", "-1"], "cpu,opencl:0,cpu"),
    "--scale": (["0", "-2", "x"], "a whole number from 1 on"),
    "--seed": (["-1", "18446744073709551616"], "from 0 to 18446744073709551615"),
    "--strategy": (["copy", "-1"], "'direct', 'requantize' or 'lazy'"),
    "--temperature": (["-1", "nan", "inf", "1e300"], "a number from 0 to 3.4028235e+38"),
    "--threads": (["0", "1025", "-1"], "a whole number from 1 to 1024"),
    "--tile": (["31", "-1"], "0, or a whole number from 32 on"),
    "--tokens": (["a", "1,", "-1", "1;2", ""], "1,5,9"),
    "--top-k": (["0", "-1"], "a whole number from 1 on"),
    "--top-p": (["0", "2", "-1", "nan"], "a number above 0, up to 1"),
    "--vram": (["lots", "0%", "101%", "-1"], "a size such as 20GB, 512MiB or 4096"),
  ]

  /// Options whose value is a name of a file, or a pattern.
  private static let free: Set = ["-o", "--skip", "--timeline", "--trace"]

  private static let commands: [CommandSyntax] = (try? CommandSyntax.all().subcommands) ?? []

  @Test("every option of every command says what it takes", arguments: commands)
  func saysWhatItTakes(_ command: CommandSyntax) throws {
    for option in command.arguments ?? [] where option.kind == .option {
      let name = try #require(option.names?.first?.spelled)
      guard !Self.free.contains(name) else { continue }
      let (values, form) = try #require(Self.wrong[name], "\(name) has no row in this test")
      for value in values {
        let process = try CommandLineProcess([command.commandName, name, value])
        #expect(process.isFailure(64), "\(name) \(value): \(process.code) \(process.errors)")
        #expect(
          process.errors.contains(form)
            && process.errors.contains("'\(value)' is invalid for '\(name) <"),
          "\(process.errors)")
        #expect(process.errors.contains("'ferry help \(command.commandName)'"))
      }
    }
  }

  @Test(
    "the help of every option says what it is for, and has a name for its value",
    arguments: commands)
  func helpIsWhole(_ command: CommandSyntax) throws {
    #expect(!Self.commands.isEmpty)
    for argument in command.arguments ?? [] where argument.kind != .flag {
      let name = argument.names?.first?.spelled ?? argument.valueName ?? ""
      #expect(argument.abstract?.isEmpty == false || command.commandName == "help", "\(name)")
      let value = try #require(argument.valueName)
      #expect(value == value.uppercased() || command.commandName == "help", "\(name) <\(value)>")
    }
  }

  @Test("blanks are allowed where a list or a size has them")
  func blanks() throws {
    #expect(
      try MoveCommand.parse(["x", "--route", "cpu, opencl:1 ,cpu"]).route == [
        .cpu, .opencl(1), .cpu,
      ])
    #expect(try LogitsCommand.parse(["x", "--tokens", "1, 2"]).tokens == [1, 2])
    #expect(try PlanCommand.parse(["x", "--link", "25 GB/s"]).link == 25e9)
    #expect(try RunCommand.parse(["x", "--vram", "100 MB"]).vram == .bytes(100_000_000))
    #expect(try RunCommand.parse(["x", "--vram", "50%"]).vram == .share(0.5))
    #expect(try RunCommand.parse(["x", "--vram", "12.5 %"]).vram == .share(0.125))
  }

  @Test("a plan has no device of which a share could be meant")
  func shareOfNoDevice() throws {
    let process = try CommandLineProcess(["plan", "x", "--link", "1GB/s", "--vram", "50%"])
    #expect(process.isFailure(64) && process.errors.contains("no device"), "\(process.errors)")
  }

  @Test("a device in capitals is told how devices are written")
  func capitals() throws {
    let process = try CommandLineProcess(["inspect", "x", "--device", "CPU"])
    #expect(process.isFailure(64) && process.errors.contains("no option '--device'"))
    let logits = try CommandLineProcess(["logits", "x", "--device", "CPU"])
    #expect(logits.isFailure(64) && logits.errors.contains("lower case"), "\(logits.errors)")
  }
}
