using Slipway.Benchmarks;

if (args is not ["start"])
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Slipway.Benchmarks -- start");
    return 2;
}

await StartBenchmark.Contest().RunAsync(rounds: 11, Console.Out);
return 0;
