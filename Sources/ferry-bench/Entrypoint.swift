import ArgumentParser

/// `ferry-bench`: measures, and prints each figure beside its limit.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ferry-bench", abstract: "Measure Ferry on this machine, as ratios to limits.",
    subcommands: [
      LimitsCommand.self, CountsCommand.self, HostCommand.self, ModelsCommand.self,
      LinksCommand.self,
      MovesCommand.self,
      KernelsCommand.self,
      DecodeCommand.self, ArrivalCommand.self, PoolCommand.self, TableCommand.self,
      ReadmeCommand.self,
    ],
    defaultSubcommand: LimitsCommand.self)
}
