//! The shelfwise command: a merchant's campaigns as files, checked, built, tested and served.
//!
//! Exit codes: 0 done; 1 the project has errors or a scenario failed; 2 wrong use of the command;
//! 3 a file, the network or the machine is in the way.

mod arguments;
mod command;
mod failure;
mod output;
mod server;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Command::Init(init) => command::init::run(init),
        Command::Doctor(doctor) => command::doctor::run(doctor),
        Command::Check(check) => command::check::run(check),
        Command::Build(build) => command::build::run(build),
        Command::Test(test) => command::test::run(test),
        Command::Explain(explain) => command::explain::run(explain),
        Command::Replay(replay) => command::replay::run(replay),
        Command::Keys(keys) => command::keys::run(keys),
        Command::Learn(learn) => command::learn::run(learn),
        Command::Evaluate(evaluate) => command::evaluate::run(evaluate),
        Command::Schema(schema) => command::schema::run(schema),
        Command::Serve(serve) => command::serve::run(serve),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.code()
        }
    }
}
