// What an identity of agw may do in a subscription.
targetScope = 'subscription'

@description('Name of the role.')
param roleName string

@description('What it is for.')
param about string

@description('The operations that it needs.')
param actions string[]

@description('Principal id of the identity.')
param principalId string

var here = subscription().id

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(here, roleName)
  properties: {
    roleName: roleName
    description: about
    type: 'CustomRole'
    permissions: [
      {
        actions: actions
        notActions: []
      }
    ]
    assignableScopes: [
      here
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(here, principalId, role.id)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}

output roleId string = role.id
