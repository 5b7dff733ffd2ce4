// agw in Azure Container Apps, in the gateway's network:
//   az deployment group create --resource-group GROUP --template-file deploy/container-apps/main.bicep \
//     --parameters image=IMAGE subnetId=SUBNET keyVaultName=VAULT approvers=S0123456789
//
// The Key Vault holds the secrets slack-bot-token, slack-app-token and database-url (postgresql://...). There is no
// volume: Container Apps offers file shares only, and SQLite needs the locks of a local disk
// (https://www.sqlite.org/faq.html#q5).

@description('Where everything is made.')
param location string = resourceGroup().location

@description('The image that was built from the Dockerfile, by its full name.')
param image string

@description('Resource id of a subnet for Container Apps, in the network of the gateway or a peered one.')
param subnetId string

@description('Name of the Key Vault with the secrets; it is in this resource group, and uses RBAC.')
param keyVaultName string

@description('Comma list of Slack user ids (U...) and user group ids (S...); empty: nobody may approve.')
param approvers string = ''

@description('Comma list of channel ids where a plain report is answered.')
param reportChannels string = ''

@description('Replicas that share the database: one to ten.')
@minValue(1)
@maxValue(10)
param replicas int = 2

@description('Only diagnose: there is no identity that may write, and no change is offered.')
param readOnly bool = false

var reading = loadJsonContent('../roles/reader.json')
var writing = loadJsonContent('../roles/writer.json')

// Built in: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#key-vault-secrets-user
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: keyVaultName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'agw'
  location: location
}

// Only the call that changes a gateway is made as this one.
resource writer 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (!readOnly) {
  name: 'agw-writer'
  location: location
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
  }
}

module readerRole 'role.bicep' = {
  name: 'agw-reader'
  scope: subscription()
  params: {
    roleName: reading.Name
    about: reading.Description
    actions: reading.Actions
    principalId: identity.properties.principalId
  }
}

module writerRole 'role.bicep' = if (!readOnly) {
  name: 'agw-writer'
  scope: subscription()
  params: {
    roleName: writing.Name
    about: writing.Description
    actions: writing.Actions
    principalId: writer.properties.principalId
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'agw'
  location: location
  properties: {
    vnetConfiguration: {
      infrastructureSubnetId: subnetId
      internal: true
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

resource bot 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'agw'
  location: location
  dependsOn: [
    readsSecrets
  ]
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union(
      {
        '${identity.id}': {}
      },
      readOnly
        ? {}
        : {
            '${writer.id}': {}
          }
    )
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      secrets: [
        {
          name: 'slack-bot-token'
          keyVaultUrl: '${vault.properties.vaultUri}secrets/slack-bot-token'
          identity: identity.id
        }
        {
          name: 'slack-app-token'
          keyVaultUrl: '${vault.properties.vaultUri}secrets/slack-app-token'
          identity: identity.id
        }
        {
          name: 'database-url'
          keyVaultUrl: '${vault.properties.vaultUri}secrets/database-url'
          identity: identity.id
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 20
      containers: [
        {
          name: 'agw'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: [
            {
              name: 'SLACK_BOT_TOKEN'
              secretRef: 'slack-bot-token'
            }
            {
              name: 'SLACK_APP_TOKEN'
              secretRef: 'slack-app-token'
            }
            {
              name: 'AGW_DATABASE_URL'
              secretRef: 'database-url'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: identity.properties.clientId
            }
            {
              name: 'AGW_WRITER_CLIENT_ID'
              value: readOnly ? '' : writer.properties.clientId
            }
            {
              name: 'AGW_SUBSCRIPTIONS'
              value: subscription().subscriptionId
            }
            {
              name: 'AGW_APPROVERS'
              value: approvers
            }
            {
              name: 'AGW_REPORT_CHANNELS'
              value: reportChannels
            }
            {
              name: 'AGW_READ_ONLY'
              value: readOnly ? '1' : '0'
            }
            {
              name: 'AGW_LOG_FORMAT'
              value: 'json'
            }
          ]
          probes: [
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: 8080
              }
              periodSeconds: 30
              timeoutSeconds: 5
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/readyz'
                port: 8080
              }
              periodSeconds: 10
              timeoutSeconds: 5
            }
          ]
        }
      ]
      scale: {
        minReplicas: replicas
        maxReplicas: replicas
      }
    }
  }
}

@description('Whom Azure knows the bot as when it reads.')
output principalId string = identity.properties.principalId

@description('Id of the role that it has for that in this subscription.')
output roleId string = readerRole.outputs.roleId

@description('Whom Azure knows it as when it changes a gateway; empty if it never does.')
output writerPrincipalId string = readOnly ? '' : writer.properties.principalId
