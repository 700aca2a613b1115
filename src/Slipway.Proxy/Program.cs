using Slipway.Proxy;

return await ProxyHost.RunAsync(args);
